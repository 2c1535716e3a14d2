import Testing

@testable import Targets

@Suite struct AptSourcesTests {
  private let stanzas = """
    # Debian
    Types: deb
    URIs: http://mirror.example/debian
    Suites: bookworm bookworm-updates bookworm-backports
    Components: main contrib
    Signed-By:
     -----BEGIN PGP PUBLIC KEY BLOCK-----
     .
     abc

    Types: deb
    URIs: http://vendor.example/apt
    Suites: stable
    Components: main

    Enabled: no
    Types: deb
    URIs: http://off.example/debian
    Suites: bookworm
    Components: main
    """

  @Test func `source entries come from the machine's own mirror and keep its key`() {
    let text = AptSources.sourceStanzas(AptSources.parseStanzas(stanzas), codename: "bookworm")
    #expect(
      text == """
        Types: deb-src
        URIs: http://mirror.example/debian
        Suites: bookworm bookworm-updates
        Components: main contrib
        signed-by:\u{20}
         -----BEGIN PGP PUBLIC KEY BLOCK-----
         .
         abc

        """)
  }

  @Test func `the one-line format gives the same, options included`() {
    let entries = AptSources.parseOneLine(
      """
      # deb http://commented.example/debian bookworm main
      deb [arch=amd64 signed-by=/usr/share/keyrings/debian.gpg] http://mirror.example/debian bookworm main # ours
      deb-src http://mirror.example/debian bookworm main
      deb http://security.example/debian-security bookworm-security main contrib
      deb http://vendor.example/apt bookworm-pgdg main
      deb broken
      """)
    #expect(
      AptSources.sourceStanzas(entries, codename: "bookworm") == """
        Types: deb-src
        URIs: http://mirror.example/debian
        Suites: bookworm
        Components: main
        signed-by: /usr/share/keyrings/debian.gpg

        Types: deb-src
        URIs: http://security.example/debian-security
        Suites: bookworm-security
        Components: main contrib

        """)
  }

  @Test func `a machine of another release has no sources for this one`() {
    #expect(AptSources.sourceStanzas(AptSources.parseStanzas(stanzas), codename: "trixie").isEmpty)
    #expect(AptSources.sourceStanzas([], codename: "bookworm").isEmpty)
  }
}
