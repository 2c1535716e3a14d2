import Profiles
import Testing

@Test func `a damaged profile is named with the reason`() {
  let error = ProfilesError.damaged(file: "heap.pb.gz", reason: "ends in the middle of a sample")
  #expect(error.description == "heap.pb.gz: ends in the middle of a sample")
}
