/// What is known of PyPI packages that were unpacked into the tools folder.
enum PythonPackages {
  /// `PyPI name version`; the version stands in the name of the folder that describes the package
  /// (`cmeel_mimalloc-3.4.3.dist-info`).
  static func origin(_ requirement: String, _ tools: String) -> String {
    let package = requirement.prefix { $0 != "=" }
    let prefix = package.replacing("-", with: "_") + "-"
    let folder = Files.names(in: tools + "/python").first {
      $0.hasPrefix(prefix) && $0.hasSuffix(".dist-info")
    }
    guard let folder else { return "PyPI \(package)" }
    return "PyPI \(package) \(folder.dropFirst(prefix.count).dropLast(".dist-info".count))"
  }
}
