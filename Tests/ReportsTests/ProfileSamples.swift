import Model

/// Profiles as several engineers' tools make them, small enough to read.
enum ProfileSamples {
  static let columns = [
    StackProfile.Column(
      name: "resident", unit: .bytes, provenance: .sampled,
      explanation: "bytes made resident by page faults"),
    StackProfile.Column(name: "faults", unit: .count, provenance: .counted, explanation: "page faults"),
  ]

  private static func app(_ name: String, _ line: Int? = nil) -> Frame {
    Frame(
      function: name, object: "/usr/bin/app", sourceFile: line == nil ? nil : "/src/app.c", line: line)
  }

  private static let malloc = Frame(
    function: "malloc", object: "/usr/lib/x86_64-linux-gnu/libc.so.6", role: .allocator)
  private static let inner = Frame(
    function: "_int_malloc", object: "/usr/lib/x86_64-linux-gnu/libc.so.6", role: .allocator)
  private static let start = Frame(function: "_start", object: "/usr/bin/app")
  private static let clear = Frame(function: "clear_page", object: "[kernel]", role: .kernel)

  static let profile: StackProfile = {
    var builder = StackProfileBuilder(title: "Resident bytes by call site", columns: columns)
    func add(_ stack: [Frame], _ pages: Double) { builder.add(stack, values: [pages * 4096, pages]) }
    add([app("touch_all", 12), app("run_phase", 31), app("main", 60), start], 16_000)
    add([inner, malloc, app("parse", 80), app("load", 90), app("main", 61), start], 420)
    add([malloc, app("parse", 80), app("reload", 95), app("loop", 99), app("main", 62), start], 280)
    add([clear, app("read_file", 120), app("load", 91), app("main", 61), start], 35)
    add([Frame(function: "[unknown]", object: "/usr/lib/libz.so.1", role: .unknown)], 3)
    add([inner, malloc], 1)
    return builder.finished(
      quality: .init(samples: 16_739, lost: 4, complete: 16_735, period: 1),
      notes: ["4 samples were lost: --ring 4M makes the ring larger"])
  }()

  /// Every name tries to do harm.
  static let hostile: StackProfile = {
    let names = [
      HostileSession.script, HostileSession.escape, HostileSession.reversed, HostileSession.formula,
      HostileSession.table, "a;b\nc", "'\"><svg onload=alert(1)>", "", "</title></script>",
      "{{title}} {{{svg}}}",
    ]
    let column = StackProfile.Column(
      name: HostileSession.script + HostileSession.escape, unit: .bytes, provenance: .sampled,
      explanation: HostileSession.table + HostileSession.script)
    var builder = StackProfileBuilder(
      title: HostileSession.script + HostileSession.reversed, columns: [column, columns[1]])
    for (index, name) in names.enumerated() {
      let frame = Frame(function: name, object: "/x/" + name, sourceFile: "/y/" + name, line: -index)
      let caller = Frame(function: "caller of " + name, object: "app")
      builder.add([frame, caller, app("main")], values: [Double(1000 * (index + 1)), .nan])
    }
    return builder.finished(notes: [HostileSession.script, HostileSession.escape, HostileSession.table])
  }()

  private static func column(
    _ name: String, _ unit: MetricUnit, _ provenance: Provenance, _ total: Double, _ calls: Bool
  ) -> FunctionTable.Column {
    .init(
      name: name, unit: unit, provenance: provenance, explanation: "what \(name) counts", total: total,
      hasCumulative: calls)
  }

  private static func value(_ own: Double?, _ cumulative: Double? = nil) -> FunctionTable.Value? {
    FunctionTable.Value(own: own, cumulative: cumulative)
  }

  private static let mebibyte = 1_048_576.0

  private static let rows: [FunctionTable.Row] = [
    .init(
      function: "parse", object: "app", role: .program,
      values: [value(48 * mebibyte, 48 * mebibyte), value(mebibyte, mebibyte), value(700_000), nil]),
    .init(
      function: "[allocator]", object: "", role: .allocator,
      values: [nil, nil, value(900_000), value(600_000)]),
    .init(
      function: "main", object: "app", role: .program,
      values: [value(nil, 64 * mebibyte), value(nil, 8 * mebibyte), nil, nil]),
  ]

  /// A table of functions: of each column something is missing.
  static let table = FunctionTable(
    title: "Functions of app",
    columns: [
      column("allocated_bytes", .bytes, .sampled, 64 * mebibyte, true),
      column("live_bytes", .bytes, .sampled, 8 * mebibyte, true),
      column("loads", .count, .simulated, 2_000_000, false),
      column("stores", .count, .simulated, 1_000_000, false),
    ], rows: rows, notes: ["sampled every 512 KiB"])

  /// A table whose names try to do harm.
  static var hostileTable: FunctionTable {
    var table = table
    table.title = HostileSession.script + HostileSession.escape
    table.columns[0].name = HostileSession.formula
    table.columns[0].explanation = HostileSession.table
    table.rows[0].function = HostileSession.escape + HostileSession.table
    table.rows[0].object = HostileSession.reversed
    table.rows[2].function = HostileSession.script
    table.rows[2].object = HostileSession.formula
    return table
  }
}
