import CUnwind

/// A file at the place where it is mapped.
struct LoadedFile {
  var file: CodeFile
  /// What is added to the file's addresses.
  var bias: UInt64
}

/// One process image as the unwinder sees it: its mapped files, laid out for C, and libunwind's cache.
final class ProcessImage {
  private(set) var space: AddressSpace
  /// libunwind's rules by address; opened for images that are unwound, at most `UnwindCaches.most` at a time.
  fileprivate var cache: UnsafeMutableRawPointer?
  /// When it was last looked at, on a counter of the resolver's.
  var lastUse = 0
  private var layout: Layout?
  /// Names of addresses, until a mapping changes.
  var names: [UInt64: [NamedFrame]] = [:]

  init(_ space: AddressSpace = AddressSpace()) {
    self.space = space
  }

  deinit { closeCache() }

  fileprivate func closeCache() {
    if let cache { hs_unwind_close(cache) }
    cache = nil
  }

  /// Takes over a mapping.
  func map(_ region: MappedRegion) {
    let before = space.generation
    space.map(region)
    guard space.generation != before else { return }
    layout = nil
    names.removeAll()
    if let cache { hs_unwind_forget(cache) }
  }

  /// The file that covers an address.
  func loadedFile(at address: UInt64, _ files: CodeFiles) -> LoadedFile? {
    guard let region = space.region(at: address), let file = files.file(of: region),
      let start = file.image.address(ofFileOffset: region.fileOffset)
    else { return nil }
    return LoadedFile(file: file, bias: region.start &- start)
  }

  /// Unwinds by the files' tables, the innermost frame first.
  fileprivate func unwind(
    _ sample: inout hs_unwind_sample, into frames: inout [hs_unwind_frame], _ files: CodeFiles
  ) -> hs_unwind_result {
    var result = hs_unwind_result()
    let layout = self.layout ?? Layout(space, files)
    self.layout = layout
    guard let cache else {
      result.end = HS_UNWIND_BROKEN.rawValue
      return result
    }
    hs_unwind(
      cache, layout.modules.baseAddress, UInt32(layout.modules.count), &sample, &frames, UInt32(frames.count),
      &result)
    return result
  }
}

/// Unwinds in any image, and keeps libunwind's caches few: one takes some ten kilobytes, and a build runs thousands
/// of processes.
struct UnwindCaches {
  private var open: [ProcessImage] = []
  private static let most = 16

  /// Unwinds by the tables of the image's files, the innermost frame first.
  mutating func unwind(
    _ sample: inout hs_unwind_sample, in image: ProcessImage, into frames: inout [hs_unwind_frame],
    _ files: CodeFiles
  ) -> hs_unwind_result {
    if image.cache == nil {
      if open.count >= UnwindCaches.most { open.removeFirst().closeCache() }
      image.cache = hs_unwind_open()
      open.append(image)
    }
    return image.unwind(&sample, into: &frames, files)
  }
}

/// Modules and segments at stable addresses, for as long as a mapping stays as it is.
private final class Layout {
  let modules: UnsafeMutableBufferPointer<hs_unwind_module>
  private let segments: UnsafeMutableBufferPointer<hs_unwind_segment>
  // Keeps the bytes alive to which the segments point.
  private let files: [CodeFile]

  /// Tables that we made stand at addresses that no program can have: the upper half is the kernel's.
  private static let firstMadeTable: UInt64 = 0xFFFF_9000_0000_0000

  init(_ space: AddressSpace, _ store: CodeFiles) {
    let loaded = Layout.loadedFiles(space, store)
    files = loaded.map(\.file)
    var allSegments: [hs_unwind_segment] = []
    var allModules: [hs_unwind_module] = []
    var starts: [Int] = []
    for file in loaded {
      starts.append(allSegments.count)
      allSegments += Layout.segments(of: file)
      allModules.append(Layout.module(of: file))
    }
    for (index, file) in loaded.enumerated() {
      guard let table = file.file.frameTable?.made else { continue }
      let address = Layout.firstMadeTable &+ UInt64(index) << 32
      allModules[index].table = address
      starts.append(allSegments.count)
      allSegments.append(Layout.segment(address, table.base, length: UInt64(table.count)))
      var module = hs_unwind_module()
      module.start = address
      module.end = address &+ UInt64(table.count)
      allModules.append(module)
    }
    segments = .allocate(capacity: allSegments.count)
    _ = segments.initialize(from: allSegments)
    for index in allModules.indices {
      let end = index + 1 < starts.count ? starts[index + 1] : allSegments.count
      allModules[index].segments = segments.baseAddress.map { UnsafePointer($0 + starts[index]) }
      allModules[index].segment_count = UInt32(clamping: end - starts[index])
    }
    modules = .allocate(capacity: allModules.count)
    _ = modules.initialize(from: allModules)
  }

  deinit {
    modules.deallocate()
    segments.deallocate()
  }

  /// Each file once for each place, sorted by address; of two that overlap the one that was mapped later.
  private static func loadedFiles(_ space: AddressSpace, _ store: CodeFiles) -> [LoadedFile] {
    var result: [(loaded: LoadedFile, extent: Range<UInt64>)] = []
    for region in space.regions.sorted(by: { $0.time > $1.time }) {
      guard let file = store.file(of: region),
        let start = file.image.address(ofFileOffset: region.fileOffset)
      else { continue }
      let loaded = LoadedFile(file: file, bias: region.start &- start)
      guard let extent = extent(of: loaded), !result.contains(where: { $0.extent.overlaps(extent) }) else {
        continue
      }
      result.append((loaded, extent))
    }
    return result.sorted { $0.extent.lowerBound < $1.extent.lowerBound }.map(\.loaded)
  }

  private static func extent(of loaded: LoadedFile) -> Range<UInt64>? {
    let starts = loaded.file.image.segments.map { loaded.bias &+ $0.address }
    let ends = loaded.file.image.segments.map { loaded.bias &+ $0.address &+ $0.memoryLength }
    guard let start = starts.min(), let end = ends.max(), start < end else { return nil }
    return start & ~4095..<end
  }

  private static func module(of loaded: LoadedFile) -> hs_unwind_module {
    var module = hs_unwind_module()
    let extent = extent(of: loaded) ?? 0..<0
    module.start = extent.lowerBound
    module.end = extent.upperBound
    if let table = loaded.file.frameTable {
      module.table = table.address.map { $0 &+ loaded.bias } ?? 0
      module.table_base = table.base &+ loaded.bias
      module.table_pairs = UInt64(table.pairs)
    }
    let linkage = loaded.file.image.sections.filter(\.isLinkage)
    module.jumps_start = (linkage.map(\.address).min() ?? 0) &+ loaded.bias
    module.jumps_end = (linkage.map { $0.address &+ $0.length }.max() ?? 0) &+ loaded.bias
    if let go = loaded.file.goTable {
      module.foreign_start = go.textStart &+ loaded.bias
      module.foreign_end = go.textEnd &+ loaded.bias
    }
    return module
  }

  private static func segments(of loaded: LoadedFile) -> [hs_unwind_segment] {
    loaded.file.image.segments.map { part in
      let bytes = loaded.file.image.bytes.base
      let start = min(part.fileOffset, UInt64(bytes.count))
      let end = min(
        part.fileOffset.addingReportingOverflow(part.fileLength).partialValue, UInt64(bytes.count))
      return segment(
        loaded.bias &+ part.address,
        UnsafeRawBufferPointer(rebasing: bytes[Int(clamping: start)..<Int(clamping: max(start, end))]),
        length: part.memoryLength)
    }
  }

  private static func segment(
    _ address: UInt64, _ bytes: UnsafeRawBufferPointer, length: UInt64
  ) -> hs_unwind_segment {
    hs_unwind_segment(
      start: address, length: length, bytes: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self),
      filled: UInt64(bytes.count))
  }
}
