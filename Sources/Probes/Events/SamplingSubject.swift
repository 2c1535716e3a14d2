extension SamplingRequest.Kind {
  /// What is missing when none of it can be sampled: the names that facilities have.
  var subject: String {
    switch self {
    case .pageFaults: EventFacilities.pageFaults
    case .memory: EventFacilities.memoryAccesses
    case .addressSpace: EventFacilities.addressSpace
    }
  }
}

extension SampledEvent.Kind {
  /// What is missing when it cannot be sampled.
  var subject: String {
    switch self {
    case .pageFaults: EventFacilities.pageFaults
    case .loads, .stores, .operations: EventFacilities.memoryAccesses
    case .systemCall: EventFacilities.addressSpace
    }
  }
}
