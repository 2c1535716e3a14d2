import Model
import Probes

/// A cell that is ready to be run: built, with its launch worked out.
public struct PreparedCell: Sendable {
  /// The cell.
  public var cell: Cell
  /// How it is launched, but for the block's environment pad.
  public var launch: LaunchSpec
  /// Size of the executable file.
  public var fileSize: Bytes?
  /// Judges from what was seen of one trial which allocator served malloc in it.
  public var judge: @Sendable (Observation) -> TrialProof

  /// States a prepared cell.
  public init(
    cell: Cell, launch: LaunchSpec, fileSize: Bytes?, judge: @escaping @Sendable (Observation) -> TrialProof
  ) {
    self.cell = cell
    self.launch = launch
    self.fileSize = fileSize
    self.judge = judge
  }
}
