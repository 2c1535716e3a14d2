/// The go command.
struct GoTool: Sendable {
  /// Where it is.
  let path: String
  /// What `go version` says.
  let version: String

  /// What our module needs, as its go.mod says.
  static let needed = (major: 1, minor: 27)

  /// Settings of the go command that a user's shell or configuration may hold, all at their defaults, and nothing from
  /// the network.
  static let environment = [
    "GO111MODULE": "on", "GOENV": "off", "GOFLAGS": "-trimpath", "GOPROXY": "off", "GOSUMDB": "off",
    "GOTOOLCHAIN": "local", "GOWORK": "off", "GOROOT": "", "GOOS": "", "GOARCH": "", "GOAMD64": "",
    "GOARM64": "",
    "GOEXPERIMENT": "", "GODEBUG": "", "GOGC": "", "GOMEMLIMIT": "", "GOMAXPROCS": "", "GOFIPS140": "",
    "GOCACHEPROG": "", "CGO_CPPFLAGS": "", "CGO_LDFLAGS": "", "CGO_CFLAGS_ALLOW": "", "CGO_LDFLAGS_ALLOW": "",
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
