import Foundation

/// The part of JSON Schema (draft 2020-12) that our schema uses, so that the contract is checked everywhere.
struct SchemaCheck {
  /// The schema with its `$defs`.
  let root: [String: Any]

  /// What is wrong with a document, one sentence a fault.
  func faults(of document: Any) -> [String] { check(document, root, at: "$") }

  private func check(_ value: Any, _ schema: Any, at path: String) -> [String] {
    guard let schema = schema as? [String: Any] else {
      return (schema as? Bool) == false ? ["\(path) must not be there"] : []
    }
    var faults: [String] = []
    if let name = (schema["$ref"] as? String)?.split(separator: "/").last {
      let definitions = root["$defs"] as? [String: Any]
      faults += check(value, definitions?[String(name)] ?? false, at: path)
    }
    if let type = schema["type"] {
      let names = (type as? [String]) ?? [(type as? String) ?? ""]
      if !names.contains(where: { SchemaCheck.isA($0, value) }) { faults.append("\(path) is no \(names)") }
    }
    if let allowed = (schema["enum"] as? [String]) ?? (schema["const"] as? String).map({ [$0] }) {
      if !allowed.contains((value as? String) ?? "\(value)") {
        faults.append("\(path) is none of \(allowed)")
      }
    }
    if let choices = schema["oneOf"] as? [Any] {
      let fitting = choices.filter { check(value, $0, at: path).isEmpty }.count
      if fitting != 1 { faults.append("\(path) fits \(fitting) of the alternatives") }
    }
    return faults + members(value, schema, at: path)
  }

  private func members(_ value: Any, _ schema: [String: Any], at path: String) -> [String] {
    if let list = value as? [Any], let items = schema["items"] {
      return list.enumerated().flatMap { check($0.element, items, at: "\(path)[\($0.offset)]") }
    }
    guard let object = value as? [String: Any] else { return [] }
    let properties = schema["properties"] as? [String: Any] ?? [:]
    let missing = (schema["required"] as? [String] ?? []).filter { object[$0] == nil }
    return missing.map { "\(path).\($0) is missing" }
      + object.keys.sorted().flatMap { key -> [String] in
        guard let rule = properties[key] ?? schema["additionalProperties"], let member = object[key] else {
          return []
        }
        return check(member, rule, at: "\(path).\(key)")
      }
  }

  private static func isA(_ type: String, _ value: Any) -> Bool {
    let isTruth = (value as? NSNumber).map(isBoolean) ?? false
    switch type {
    case "object": return value is [String: Any]
    case "array": return value is [Any]
    case "string": return value is String
    case "boolean": return isTruth
    case "null": return value is NSNull
    case "number": return value is NSNumber && !isTruth
    case "integer":
      return !isTruth && (value as? NSNumber).map { $0.doubleValue.rounded() == $0.doubleValue } == true
    default: return false
    }
  }

  private static func isBoolean(_ number: NSNumber) -> Bool {
    String(cString: number.objCType) == "c" || String(cString: number.objCType) == "B"
  }
}
