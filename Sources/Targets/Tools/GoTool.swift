/// The go command.
struct GoTool: Sendable {
  /// Where it is.
  let path: String
  /// What `go version` says.
  let version: String

  /// What our module needs, as its go.mod says.
  static let needed = (major: 1, minor: 27)

  /// Everything that go reads from its environment, so that neither the user's shell nor a configuration changes what
  /// is built, and nothing comes from the network. Go keeps its own files below `cache`.
  ///
  /// Throws: `TargetsError.file` when the folder cannot be made.
  static func environment(cache: String) throws(TargetsError) -> [String: String] {
    try Files.makeFolder(cache)
    let cache = Files.resolved(cache)
    var variables = [
      "GO111MODULE": "on", "GOENV": "off", "GOFLAGS": "-trimpath", "GOPROXY": "off", "GOSUMDB": "off",
      "GOTOOLCHAIN": "local", "GOWORK": "off",
      "GOCACHE": "\(cache)/go", "GOPATH": "\(cache)/go-path",
      // Go counts its own use in files of the user's configuration folder.
      "XDG_CONFIG_HOME": "\(cache)/go-config",
    ]
    for name in unset { variables[name] = "" }
    return variables
  }

  /// Go takes an empty variable for one that is not set.
  private static let unset = [
    "GOROOT", "GOOS", "GOARCH", "GOAMD64", "GOARM64", "GOEXPERIMENT", "GODEBUG", "GOGC", "GOMEMLIMIT",
    "GOMAXPROCS",
    "GOFIPS140", "GOCACHEPROG", "CC", "CGO_CFLAGS", "CGO_CPPFLAGS", "CGO_LDFLAGS", "CGO_CFLAGS_ALLOW",
    "CGO_LDFLAGS_ALLOW",
  ]

  /// Whether `go version go1.27.3 linux/amd64` is new enough; a development version is taken for new.
  static func isNewEnough(_ version: String) -> Bool {
    let words = version.split(separator: " ")
    guard words.count > 2, words[2].hasPrefix("go") else { return true }
    let numbers = words[2].dropFirst(2).split(separator: ".").map { Int($0.prefix { $0.isNumber }) ?? 0 }
    guard numbers.count >= 2 else { return true }
    return (numbers[0], numbers[1]) >= (needed.major, needed.minor)
  }
}
