import Foundation
import Testing

/// Small files that ask for everything, given to the command under a limit of memory: each is refused with a
/// place or runs, within the limit that the manual states.
///
/// `BARTIZAN_EXHAUSTIVE` runs those that take the most a run may have, too.
@Suite(.serialized) struct HostileModelCommandTests {
  /// Address space: the stated 8 GiB, and what the program itself maps.
  private static let limitInKilobytes = (8 << 20) + (1 << 20)
  private static let isExhaustive =
    ProcessInfo.processInfo.environment["BARTIZAN_EXHAUSTIVE"] != nil

  struct Bomb: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var bytes: [UInt8]
    /// A code that the message must hold; nil where the model runs.
    var code: String?
    var isLarge = false
  }

  static let bombs: [Bomb] = [
    filled("ConstantOfShape of 2⁶² elements", [1 << 31, 1 << 31], code: "onnx.shape.too-large"),
    filled("ConstantOfShape over the limit", [(1 << 27) + 1], code: "onnx.shape.too-large"),
    repeated("Tile", .max, code: "onnx.shape.mismatch"),
    repeated("Expand", 1 << 40, code: "onnx.shape.mismatch"),
    Bomb(
      testDescription: "a constant of 2 GiB in a few bytes",
      bytes: ModelBytes.model(
        nodes: [ModelBytes.node("Identity", ["c"], "y")],
        constants: [ModelBytes.tensor("c", [1 << 29], claims: true)]), code: "onnx.tensor.malformed"
    ),
    filled("the largest tensors", [(1 << 27) - 8], code: nil, isLarge: true),
    repeated("Tile", 1 << 27, code: nil, isLarge: true),
    repeated("Expand", 1 << 27, code: nil, isLarge: true),
  ]

  private static func filled(
    _ name: String, _ shape: [Int64], code: String?, isLarge: Bool = false
  ) -> Bomb {
    Bomb(
      testDescription: name,
      bytes: ModelBytes.model(
        nodes: [
          ModelBytes.node("ConstantOfShape", ["n"], "z"), ModelBytes.node("Neg", ["z"], "y"),
        ], constants: [ModelBytes.integers("n", shape)]), code: code, isLarge: isLarge)
  }

  private static func repeated(
    _ operation: String, _ count: Int64, code: String?, isLarge: Bool = false
  ) -> Bomb {
    Bomb(
      testDescription: "\(operation) to \(count)",
      bytes: ModelBytes.model(
        nodes: [ModelBytes.node(operation, ["x", "n"], "y")],
        constants: [ModelBytes.integers("n", [count])]), code: code, isLarge: isLarge)
  }

  @Test(arguments: bombs.filter { isExhaustive || !$0.isLarge })
  func aBombIsRefusedOrRunsWithinTheStatedMemory(_ bomb: Bomb) throws {
    try CommandRun.inFolder { folder in
      try Data(bomb.bytes).write(to: folder.appendingPathComponent("bomb.onnx"))
      for command in ["inspect", "run"] {
        let fill = command == "run" ? ["--fill", "reference"] : []
        let run = try CommandRun(
          ["model", command, "bomb.onnx"] + fill, in: folder,
          kilobytesOfMemory: Self.limitInKilobytes)
        guard let code = bomb.code else {
          #expect(run.status == 0, "\(bomb): \(run.errors)")
          continue
        }
        // Inspecting says in its answer what cannot be done.
        let answer = run.errors + run.output
        #expect(answer.contains(code), "\(bomb): \(answer.suffix(400))")
        #expect(run.status == 2 || command == "inspect" && run.status == 0, "\(bomb)")
      }
    }
  }
}
