import Model

/// The environment of measured programs.
public enum TargetEnvironment {
  /// The variable that pads the environment by a random length in each block.
  static let pad = "HEAPSCALE_PAD"

  /// What a workload of ours gets: nothing that the user's shell leaks in.
  public static let plain = ["PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/", "LANG": "C.UTF-8"]

  /// What a user's command gets: the user's environment without every variable that acts on an allocator.
  ///
  /// Returns also what was taken out, as `NAME=VALUE`, so that the session can say so.
  public static func inherited(
    _ environment: [String: String], clearing patterns: [String]
  ) -> (environment: [String: String], cleared: [String]) {
    let leaks = leaks(of: environment, patterns)
    let kept = environment.filter { leaks[$0.key] == nil }
    return (kept, leaks.map { "\($0.key)=\($0.value)" }.sorted())
  }

  /// Variables of an environment that act on an allocator.
  static func leaks(of environment: [String: String], _ patterns: [String]) -> [String: String] {
    environment.filter { variable in
      (patterns + ["LD_PRELOAD"]).contains { matches(variable.key, $0) }
    }
  }

  /// Adds settings and the preloaded library.
  public static func adding(
    _ settings: SettingsSet, preload: String?, to environment: [String: String]
  ) -> [String: String] {
    var result = environment
    for assignment in settings.environment { result[assignment.variable] = assignment.value }
    if let preload { result["LD_PRELOAD"] = preload }
    return result
  }

  /// A trailing `*` stands for any ending.
  static func matches(_ name: String, _ pattern: String) -> Bool {
    pattern.hasSuffix("*") ? name.hasPrefix(pattern.dropLast()) : name == pattern
  }
}
