import Foundation
import Testing

/// Arguments, environment and names that are no text reach the program as they are, and are shown escaped.
@Suite struct RawByteTests {
  private let binary: HeapscaleBinary

  init() throws { binary = try HeapscaleBinary() }

  /// Bytes as bash writes them: `$'…'`.
  private static let odd: [[UInt8]] = [
    [0xFF], [0xC3, 0x28], [0x61, 0x80], [0xF3, 0xB0, 0x83, 0xBF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [],
    [0x67, 0x72, 0xC3, 0xBC, 0x6E],
  ]

  private static func word(_ bytes: [UInt8]) -> String {
    "$'" + bytes.map { "\\x" + String($0, radix: 16) }.joined() + "'"
  }

  private static func hex(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  @Test func `a program gets the bytes that were given`() throws {
    let source = try binary.file(
      "bytes.c",
      """
      #include <stdio.h>
      #include <stdlib.h>
      int main(int argc, char **argv) {
        FILE *out = fopen(argv[1], "w");
        for (int i = 2; i < argc; i++) {
          for (char *c = argv[i]; *c; c++) fprintf(out, "%02x", (unsigned char)*c);
          fputc('\\n', out);
        }
        for (char *c = getenv("ODD"); c && *c; c++) fprintf(out, "%02x", (unsigned char)*c);
        return fclose(out);
      }

      """)
    // Its own name is no text either.
    let line = """
      set -e
      cd '\(binary.folder.path)'
      cc -o $'odd-\\xff' '\(source)'
      ODD=$'\\xfe=\\x80' exec '\(HeapscaleBinary.path)' compare --trials 1 --warmup 0 --quiet --store '\(binary.store)' \
        --json j.json --markdown m.md --html p.html -- $'./odd-\\xff' out \(Self.odd.map(Self.word).joined(separator: " "))
      """
    let run = try binary.bash(line)
    #expect(run.status == 0, "\(run.errors)")
    let told = try String(contentsOf: binary.folder.appending(path: "out"), encoding: .utf8)
    #expect(
      told.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) == Self.odd.map(Self.hex)
        + ["fe3d80"])
    #expect(run.output.contains(#"\xff"#) && run.output.contains("proved"), "\(run.output)")
    for (file, shown) in [("j.json", #"\\xff"#), ("m.md", #"\xff"#), ("p.html", #"\xff"#)] {
      let bytes = try Data(contentsOf: binary.folder.appending(path: file))
      let text = try #require(String(validating: bytes, as: UTF8.self))
      #expect(text.contains(shown), "\(file)")
      #expect(!text.unicodeScalars.contains { (0xF0080...0xF00FF).contains($0.value) }, "\(file)")
    }
    // The store keeps the bytes.
    let again = try binary.run("show", "--store", binary.store, "--json", "-")
    #expect(again.status == 0 && again.output.contains(#"\\xed\\xa0\\x80"#), "\(again.errors)")
  }

  @Test func `an output whose name is no text is refused`() throws {
    let run = try binary.bash(
      "exec '\(HeapscaleBinary.path)' list allocators --json $'\(binary.folder.path)/\\xff.json'")
    #expect(run.status != 0)
    let shown = try binary.bash(
      "exec '\(HeapscaleBinary.path)' compare --trials 1 --warmup 0 --json $'\(binary.folder.path)/\\xff.json' --store '\(binary.store)' -- true"
    )
    #expect(shown.status == 64 && shown.errors.contains(#"\xff.json"#), "\(shown.errors)")
  }
}
