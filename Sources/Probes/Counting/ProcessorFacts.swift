/// What /proc/cpuinfo says about who made the processor.
public struct ProcessorFacts: Hashable, Sendable {
  /// Who made it.
  public enum Vendor: Hashable, Sendable {
    /// GenuineIntel.
    case intel
    /// AuthenticAMD, and HygonGenuine with the same cores.
    case amd
    /// An ARM core of any maker.
    case arm
    /// Someone else.
    case other
  }

  /// Who made it.
  public var vendor: Vendor
  /// Family of x86 processors, e.g. 0x19 for Zen 3 and 4; nil elsewhere.
  public var family: Int?
  /// Model of x86 processors within the family.
  public var model: Int?
  /// Whether a hypervisor runs below this system.
  public var isVirtual: Bool

  /// States facts.
  public init(vendor: Vendor, family: Int? = nil, model: Int? = nil, isVirtual: Bool = false) {
    self.vendor = vendor
    self.family = family
    self.model = model
    self.isVirtual = isVirtual
  }

  /// Reads the first processor of /proc/cpuinfo.
  public init(cpuinfo: String) {
    var fields: [Substring: Substring] = [:]
    for line in cpuinfo.split(separator: "\n", omittingEmptySubsequences: false) {
      guard let colon = line.firstIndex(of: ":") else {
        if fields.isEmpty { continue } else { break }
      }
      let name = line[..<colon].split(whereSeparator: \.isWhitespace).joined(separator: " ")
      fields[Substring(name)] = line[line.index(after: colon)...].drop(while: \.isWhitespace)
    }
    switch fields["vendor_id"] {
    case "GenuineIntel": vendor = .intel
    case "AuthenticAMD", "HygonGenuine": vendor = .amd
    default: vendor = fields["CPU implementer"] == nil ? .other : .arm
    }
    family = fields["cpu family"].flatMap { Int($0) }
    model = fields["model"].flatMap { Int($0) }
    isVirtual = (fields["flags"] ?? "").split(separator: " ").contains("hypervisor")
  }
}
