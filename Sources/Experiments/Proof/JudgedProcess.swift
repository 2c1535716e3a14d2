import Glibc
import Model
import Probes
import Targets

/// A program image with what was found of it.
struct JudgedImage {
  let path: String
  let began: Nanoseconds
  /// Seconds until the next image or the end.
  let duration: Double
  /// Whether its dynamic linker never came to an end.
  let isUnfinished: Bool
  let finding: ImageFinding
  /// Whether it was served by what is claimed; of a program as it is, whether it is known what served it.
  let isServed: Bool

  /// The program's name.
  var name: String { path.isEmpty ? "a process" : ProcessName.of(path: path, arguments: nil) }
}

/// A process with its images.
struct JudgedProcess {
  /// An image that filled a smaller share of its process's time does not speak for the process.
  private static let briefShare = 0.05

  let sight: ProcessSight
  let images: [JudgedImage]

  /// What tables call it.
  var name: String {
    let path = images.last?.path ?? ""
    return path.isEmpty && sight.arguments == nil
      ? "a process" : ProcessName.of(path: path, arguments: sight.arguments)
  }

  /// The image that ran at a time.
  func image(at time: Nanoseconds) -> JudgedImage? {
    images.last { $0.began <= time } ?? images.first
  }

  /// An image that speaks for the process and was not served: the last one, or one that ran for some time. One that was
  /// replaced before anybody looked says nothing.
  var doubtful: JudgedImage? {
    let total = images.reduce(0) { $0 + $1.duration }
    return images.enumerated().last { index, image in
      if image.isServed { return false }
      if index == images.count - 1 { return true }
      return image.finding.unknown == nil && image.duration > total * Self.briefShare
    }?.element
  }

  /// The exit code, when it ended so.
  var exitCode: Int32? {
    guard let status = sight.status, status & 0x7f == 0 else { return nil }
    return (status >> 8) & 0xff
  }

  /// A sentence about a program that its dynamic linker gave up.
  var failedStart: String? {
    guard let last = images.last, last.isUnfinished, let code = exitCode, code != 0 else { return nil }
    return "\(last.name) could not start: its dynamic linker gave up (exit code \(code))"
  }

  /// What is worth telling of how it ended; nothing of the root, whose end is the trial's.
  var remark: String? {
    guard sight.parent != 0 else { return nil }
    if let failedStart { return failedStart }
    switch exitCode {
    case 126: return "a process of \(name) ended with exit code 126: it could not execute a program"
    case 127:
      return "a process of \(name) ended with exit code 127: a program or one of its libraries was not found"
    default: break
    }
    guard let status = sight.status, let crash = Self.crashes[status & 0x7f] else { return nil }
    return "a process of \(name) was ended by \(crash)"
  }

  private static let crashes: [Int32: String] = [
    SIGSEGV: "SIGSEGV", SIGABRT: "SIGABRT", SIGBUS: "SIGBUS", SIGILL: "SIGILL", SIGFPE: "SIGFPE",
  ]
}

/// How much of what a tree held each of its images held.
///
/// By resident bytes × seconds; where no curve was taken, by the peaks.
struct Weights {
  private let areas: [Double]
  private let total: Double
  private let isCurve: Bool
  private let index: [ProcessKey: Int]
  /// The share that was served, of all but brief images that were replaced before anybody looked.
  private(set) var served = 1.0

  /// An image is looked at when it has run for some hundredths of a second; one that is replaced sooner has held little,
  /// and how little nobody knows.
  private static let brief = 0.25

  private struct ProcessKey: Hashable {
    var pid: Int32
    var began: Nanoseconds

    init(_ process: JudgedProcess) {
      pid = process.sight.pid
      began = process.sight.began
    }
  }

  init(_ processes: [JudgedProcess]) {
    let curve = processes.map { $0.sight.residentArea.isFinite ? max(0, $0.sight.residentArea) : 0 }
    isCurve = curve.contains { $0 > 0 }
    areas = isCurve ? curve : processes.map { max(1, Double($0.sight.peakResident?.count ?? 1)) }
    total = areas.reduce(0, +)
    index = Dictionary(
      processes.enumerated().map { (ProcessKey($0.element), $0.offset) },
      uniquingKeysWith: { first, _ in first })
    var unseen = 0.0
    var good = 0.0
    for process in processes {
      for (place, image) in process.images.enumerated() {
        let weight = weight(of: image, in: process)
        if image.isServed {
          good += weight
        } else if image.finding.unknown != nil, place < process.images.count - 1,
          image.duration < Self.brief
        {
          unseen += weight
        }
      }
    }
    guard total - unseen > 0 else { return }
    served = good / (total - unseen)
  }

  /// A process's share of the tree, from 0 to 1.
  func share(of process: JudgedProcess) -> Double {
    guard let place = index[ProcessKey(process)], total > 0 else { return 0 }
    return areas[place] / total
  }

  /// Its share of the area under the tree's curve; nil without a curve.
  func residentShare(of process: JudgedProcess) -> Double? { isCurve ? share(of: process) : nil }

  /// What an image held, in the unit of the areas: its process's, divided by time.
  func weight(of image: JudgedImage, in process: JudgedProcess) -> Double {
    guard let place = index[ProcessKey(process)] else { return 0 }
    let time = process.images.reduce(0) { $0 + $1.duration }
    if time > 0 { return areas[place] * image.duration / time }
    // All within one tick of the clock: the last one speaks for the process.
    return image.began == process.images.last?.began ? areas[place] : 0
  }
}
