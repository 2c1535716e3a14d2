import Experiments
import Model
import Testing

@Test func `variables that act on allocators do not leak into a command`() {
  let shell = ["PATH": "/bin", "MALLOC_CONF": "narenas:1", "MIMALLOC_VERBOSE": "1", "LD_PRELOAD": "/x.so"]
  let (kept, cleared) = TargetEnvironment.inherited(shell, clearing: ["MALLOC_CONF", "MIMALLOC_*"])
  #expect(kept == ["PATH": "/bin"])
  #expect(cleared == ["LD_PRELOAD=/x.so", "MALLOC_CONF=narenas:1", "MIMALLOC_VERBOSE=1"])
}

@Test func `settings come after what was cleared`() {
  let set = SettingsSet(
    name: "s", environment: [EnvironmentAssignment(variable: "MALLOC_CONF", value: "tcache:false")])
  let environment = TargetEnvironment.adding(set, preload: "/lib/j.so", to: ["PATH": "/bin"])
  #expect(environment == ["PATH": "/bin", "MALLOC_CONF": "tcache:false", "LD_PRELOAD": "/lib/j.so"])
}
