import Foundation
import Model
import Probes
import Profiles

/// Reads heap profiles that programs wrote and names their addresses.
enum HeapProfiles {
  /// A profile with named stacks. `allocator` says which code is the allocator's.
  ///
  /// Throws: `InputError` when the file cannot be read, `ProfilesError` when it is damaged.
  static func read(_ path: String, title: String, allocator: AllocatorCode) throws -> StackProfile {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw InputError("\(path) cannot be read", hint: "name a heap profile of gperftools, jemalloc or Go")
    }
    let raw = try HeapProfileReader.read([UInt8](data), file: path)
    let namer = AddressNamer(mappings: raw.mappings.map(region), allocator: allocator)
    let places = raw.places.map { $0.frames.isEmpty ? namer.frames(at: $0.address) : $0.frames }
    var builder = StackProfileBuilder(title: title, columns: raw.columns)
    for sample in raw.samples {
      var stack = sample.stack.flatMap { places[$0] }
      namer.mark(&stack)
      builder.add(stack, values: sample.values)
    }
    return builder.finished(notes: raw.notes + namer.notes)
  }

  private static func region(_ mapping: RawHeapProfile.Mapping) -> MappedRegion {
    MappedRegion(
      pid: 0, start: mapping.start, length: mapping.end - mapping.start, fileOffset: mapping.fileOffset,
      path: mapping.file, isExecutable: true)
  }
}
