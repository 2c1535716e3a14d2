import Model
import Testing

struct ProcessNameTests {
  @Test(arguments: [
    ("/usr/sbin/nginx", ["nginx: worker process"], "nginx: worker"),
    ("/usr/sbin/nginx", ["nginx: master process /usr/sbin/nginx -g daemon off;", ""], "nginx: master"),
    ("/usr/lib/postgresql/15/bin/postgres", ["postgres: alice bench [local] idle"], "postgres: alice"),
    ("/usr/bin/python3.11", ["gunicorn: worker [app]"], "gunicorn: worker"),
    ("/usr/bin/python3.11", ["python3", "app.py"], "python3.11"),
    ("/usr/bin/sleep", ["sleep", "1"], "sleep"),
    ("/opt/my: programs/run me", ["/opt/my: programs/run me"], "run me"),
    ("/usr/bin/echo", ["a:b"], "echo"),
    ("/usr/bin/echo", [": x"], "echo"),
    ("/tmp/worker (deleted)", ["worker"], "worker"),
    ("", ["/bin/true"], "true"),
    ("", [], "?"),
  ])
  func `a process is called by its title or its file`(path: String, arguments: [String], name: String) {
    #expect(ProcessName.of(path: path, arguments: arguments) == name)
  }

  @Test func `a process whose arguments are not known is called by its file`() {
    #expect(ProcessName.of(path: "/bin/sh", arguments: nil) == "sh")
    #expect(ProcessName.of(path: "", arguments: nil) == "?")
  }

  @Test func `a name that never ends is cut`() {
    let endless = String(repeating: "x", count: 4000)
    #expect(ProcessName.of(path: "/" + endless, arguments: nil).count == 64)
  }
}
