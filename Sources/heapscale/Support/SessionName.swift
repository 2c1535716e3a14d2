import Foundation

/// Names of sessions: sortable, and short enough to type.
enum SessionName {
  /// `20260102-030405-abcd`: UTC date and time, and four random letters.
  static func make(at date: Date) -> String {
    let parts = Calendar.utc.dateComponents([.year, .month, .day, .hour, .minute, .second], from: date)
    func two(_ value: Int?) -> String {
      let value = value ?? 0
      return value < 10 ? "0\(value)" : "\(value)"
    }
    let day = "\(parts.year ?? 0)\(two(parts.month))\(two(parts.day))"
    let time = "\(two(parts.hour))\(two(parts.minute))\(two(parts.second))"
    let letters = (0..<4).map { _ in String("abcdefghijkmnpqrstuvwxyz".randomElement() ?? "x") }.joined()
    return "\(day)-\(time)-\(letters)"
  }
}

extension Calendar {
  /// Gregorian, UTC.
  static var utc: Calendar {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    return calendar
  }
}
