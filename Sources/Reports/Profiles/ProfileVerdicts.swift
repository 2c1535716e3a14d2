import Model

/// What a profile says in a few sentences.
struct ProfileVerdicts {
  private let result: ProfileResult

  init(_ result: ProfileResult) { self.result = result }

  var sentences: [String] {
    outcome + growth + lost + heaps + simulated
  }

  private var outcome: [String] {
    guard let outcome = result.outcome, outcome != .ok else { return [] }
    return ["The program did not end well (\(outcome)): \(result.message ?? "no message")."]
  }

  /// The largest call site, and what became of all pages.
  private var growth: [String] {
    guard let growth = result.growth, let total = growth.totals.first else { return [] }
    guard total > 0, let choice = try? ProfileChoice(growth, first: nil),
      let site = CallSites(growth, choice: choice).sites.first
    else { return ["No page became resident while it was sampled."] }
    let share = Int(nearest: site.values[0] / total * 100)
    var sentence =
      "\(bytes(total)) became resident, \(share) % of it at \(site.frame.phrase)"
    if growth.columns.count > 2 {
      sentence +=
        "; \(bytes(growth.totals[1])) were given back, \(bytes(growth.totals[2])) stayed until the end"
    }
    return [sentence + "."]
  }

  /// Of files that were read: how much they hold and where, or what changed.
  private var heaps: [String] {
    guard result.growth == nil else { return [] }
    return result.heaps.compactMap { heap in
      guard let name = ProfilePage.column(of: heap), let choice = try? ProfileChoice(heap, first: name),
        let column = choice.columns.first
      else { return nil }
      let total = choice.totals[column]
      let sites = CallSites(heap, choice: choice).sites
      guard let site = sites.first, site.values[column] != 0 else { return "\(heap.title): nothing." }
      let isChange = heap.columns[column].baseColumn != nil
      let whole = choice.whole(of: column)
      let figure = choice.text(total, column)
      let share = choice.share(total, column).map {
        " (\($0) of \(choice.text(whole, column).drop { $0 == "+" }))"
      }
      return isChange
        ? "\(heap.title): \(name) \(figure)\(share ?? ""), most of it, \(choice.text(site.values[column], column)), at \(site.frame.phrase)."
        : "\(heap.title): \(name) \(figure), \(site.share ?? "") of it at \(site.frame.phrase)."
    }
  }

  private var lost: [String] {
    guard let quality = result.growth?.quality, quality.lost > 0 else { return [] }
    let share = Double(quality.lost) / Double(quality.lost + quality.samples)
    return [
      "\(quality.lost) samples (\(FigureText.digits(share * 100)) %) were lost for want of room: figures are too small by about as much; a larger --period or fewer --stack-bytes loses fewer."
    ]
  }

  private var simulated: [String] {
    guard let events = result.simulated else { return [] }
    let inside = events.allocator.loads + events.allocator.stores
    let all = events.total.loads + events.total.stores
    guard all > 0 else { return [] }
    return [
      "In a simulated machine it made \(FigureText.text(events.total.loads, unit: .count)) loads and \(FigureText.text(events.total.stores, unit: .count)) stores, \(Int(nearest: inside / all * 100)) % of them inside the allocator."
    ]
  }

  private func bytes(_ value: Double) -> String { FigureText.text(value, unit: .bytes) }
}
