import Model
import Testing

@Suite struct RedactionTests {
  private let redaction = Redaction(host: "build-7", user: "mara", home: "/home/mara")

  @Test(arguments: [
    ("/home/mara/work/app/bin/server --port 80", "…/server --port 80"),
    ("/srv/customer/app: not found", "…/app: not found"),
    ("/usr/lib/x86_64-linux-gnu/libc.so.6", "/usr/lib/x86_64-linux-gnu/libc.so.6"),
    ("cd /home/mara", "cd ~"),
    ("cd /root && ls", "cd ~ && ls"),
    ("started by mara on build-7.", "started by (user) on (host)."),
    ("marathon build-72", "marathon build-72"),
    ("API_TOKEN=abc123 run", "API_TOKEN=(redacted) run"),
    ("--password hunter2 --user x", "--password (redacted) --user x"),
    ("DB_PASSWORD='a b c' psql", "DB_PASSWORD=(redacted) psql"),
    ("postgres://mara:pw@db/x?sslkey=1", "postgres://(redacted)@db/x?sslkey=1"),
    ("MALLOC_CONF=narenas:1", "MALLOC_CONF=narenas:1"),
    ("KEYBOARD=de monkey=1", "KEYBOARD=de monkey=1"),
    ("the token is long", "the token is long"),
    ("key=value pass=2 SSH_KEY=x", "key=value pass=2 SSH_KEY=(redacted)"),
    ("12/24 trials, 3 / 4", "12/24 trials, 3 / 4"),
    ("https://example.org/a/b", "https://example.org/a/b"),
    ("", ""),
  ])
  func `what may be known stays, what may not is left out`(_ text: String, _ left: String) {
    #expect(redaction.text(text) == left)
    #expect(redaction.text(redaction.text(text)) == left)
  }

  @Test func `folders that differ stay different, and a folder keeps its name`() {
    #expect(redaction.text("/srv/a/prog") == "…/prog")
    #expect(redaction.text("/srv/b/prog") == "…2/prog")
    #expect(redaction.text("/srv/a/other /srv/b/other") == "…/other …2/other")
  }

  private struct Document: Codable, Equatable {
    var title: String
    var environment: [String: String]
    var arguments: [String]
    var number: Double
    var large: Int64
  }

  @Test func `a document keeps everything but its texts`() throws {
    let document = Document(
      title: "\"quoted\" \\ /srv/x/app\n", environment: ["SECRET_KEY": "s3cr3t", "PLAIN": "value"],
      arguments: ["app", "--token", "abc", "--size", "3"], number: 0.1, large: .max)
    let left = try redaction.value(document)
    #expect(left.title == "\"quoted\" \\ …/app\n")
    #expect(left.environment == ["SECRET_KEY": "(redacted)", "PLAIN": "value"])
    #expect(left.arguments == ["app", "--token", "(redacted)", "--size", "3"])
    #expect(left.number == 0.1 && left.large == .max)
    #expect(
      redaction.json(#"{"a":"x","b":[1.50,"old"]}"#, exact: ["old": "new"]) == #"{"a":"x","b":[1.50,"new"]}"#)
  }

  @Test func `a name that everybody has is no name`() {
    let root = Redaction(host: "debian", user: "root", home: "/root")
    #expect(root.text("root of debian 12, /root/x/y") == "root of debian 12, …/y")
  }
}
