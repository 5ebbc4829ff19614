import EngineSupport
import Foundation
import NeuralRuntime
import ONNXFormat
import TensorCore
import Testing

/// What every operator promises, checked on every case.
@Suite struct OperatorContractTests {
  static let seed: UInt64 = 41

  /// Concrete, so that an operator behind an existential can be called in a test's words.
  private func forward(
    _ operation: any DifferentiableOperator, _ operands: [Tensor<Double>]
  ) -> Tensor<Double> { operation.forward(operands, by: .fastest)[0] }

  @Test(arguments: OperatorCases.all)
  func shapeIsTheActualShape(_ example: OperatorCase) throws {
    var random = SeededRandom(seed: Self.seed)
    let operation = try example.makeOperator()
    let expected = try operation.outputShapes(for: example.shapes)
    let outputs = operation.forward(example.operands(&random), by: .fastest)
    #expect(outputs.map(\.shape) == expected)
    let gradients = operation.vjp(
      outputs,
      at: OperatorRecord(
        operands: example.operands(&random), outputs: outputs,
        needsGradient: example.shapes.map { _ in true }), by: .fastest)
    #expect(gradients.map { $0?.shape } == example.shapes)
  }

  @Test(arguments: OperatorCases.all)
  func vjpAgreesWithFiniteDifferences(_ example: OperatorCase) throws {
    for round in 0..<3 {
      var random = SeededRandom(seed: Self.seed).stream("vjp", round)
      let operation = try example.makeOperator()
      var operands = example.operands(&random)
      let y = forward(operation, operands)
      let cotangent = Tensor(
        shape: y.shape, elements: y.elements.map { _ in random.uniform() * 2 - 1 })
      func loss() -> Double {
        zip(forward(operation, operands).elements, cotangent.elements)
          .reduce(0) { $0 + $1.0 * $1.1 }
      }
      let record = OperatorRecord(
        operands: operands, outputs: [y], needsGradient: operands.map { _ in true })
      let gradients = operation.vjp([cotangent], at: record, by: .fastest)
      for operand in operands.indices {
        let gradient = try #require(gradients[operand]).elements
        for index in gradient.indices {
          let x = operands[operand].elements[index]
          let step = 1e-5
          operands[operand].elements[index] = x + step
          let above = loss()
          operands[operand].elements[index] = x - step
          let below = loss()
          operands[operand].elements[index] = x
          let slope = (above - below) / (2 * step)
          #expect(
            abs(gradient[index] - slope) <= 1e-7 * max(1, abs(slope)),
            "operand \(operand) element \(index), seed \(Self.seed) round \(round)")
        }
      }
    }
  }

  @Test(arguments: OperatorCases.all)
  func onlyWantedGradientsAreMade(_ example: OperatorCase) throws {
    var random = SeededRandom(seed: Self.seed)
    let operation = try example.makeOperator()
    let operands = example.operands(&random)
    let outputs = operation.forward(operands, by: .fastest)
    for wanted in operands.indices {
      let record = OperatorRecord(
        operands: operands, outputs: outputs,
        needsGradient: operands.indices.map { $0 == wanted })
      let gradients = operation.vjp(outputs, at: record, by: .fastest)
      #expect(gradients.count == operands.count && gradients[wanted] != nil)
    }
  }

  @Test(arguments: OperatorCases.all)
  func bothKernelPathsGiveTheSameBits(_ example: OperatorCase) throws {
    var random = SeededRandom(seed: Self.seed)
    let operation = try example.makeOperator()
    let operands = example.operands(&random).map(DualTensor.init).map(\.float)
    let fast = operation.forward(operands, by: .fastest)
    #expect(fast == operation.forward(operands, by: .portable))
    let record = OperatorRecord(
      operands: operands, outputs: fast, needsGradient: operands.map { _ in true })
    #expect(
      operation.vjp(fast, at: record, by: .fastest)
        == operation.vjp(fast, at: record, by: .portable))
  }

  /// Rows of a batch have the bits they have alone, forwards and backwards.
  @Test(arguments: OperatorCases.all)
  func rowsStayApart(_ example: OperatorCase) throws {
    let operation = try example.makeOperator()
    let shapes = zip(example.shapes, example.batched).map { OperandShape($0, isBatched: $1) }
    guard !example.batched.isEmpty else {
      let all = example.shapes.map { OperandShape($0, isBatched: true) }
      #expect(operation.rowwise(all) == nil, "no row of this case stands alone")
      return
    }
    let rowwise = try #require(operation.rowwise(shapes) as? any DifferentiableOperator)
    var random = SeededRandom(seed: Self.seed)
    let operands = example.operands(&random, rows: 3).map(DualTensor.init).map(\.float)
    let needs = example.batched
    let whole = rowwise.forward(operands, by: .fastest)[0]
    let cotangent = Tensor(
      shape: whole.shape, elements: whole.elements.map { _ in Float(random.uniform() - 0.5) })
    let gradients = rowwise.vjp(
      [cotangent],
      at: OperatorRecord(operands: operands, outputs: [whole], needsGradient: needs),
      by: .fastest)
    for row in 0..<3 {
      let alone = zip(operands, example.batched).map { $1 ? $0.rows(row..<row + 1) : $0 }
      let y = operation.forward(alone, by: .fastest)[0]
      #expect(y == whole.rows(row..<row + 1), "row \(row)")
      let own = operation.vjp(
        [cotangent.rows(row..<row + 1)],
        at: OperatorRecord(operands: alone, outputs: [y], needsGradient: needs), by: .fastest)
      for operand in operands.indices where example.batched[operand] {
        #expect(own[operand] == gradients[operand]?.rows(row..<row + 1), "row \(row)")
      }
    }
  }

  @Test func everyRegisteredOperatorHasACase() {
    let covered = Set(OperatorCases.all.map(\.node.operation))
    for family in OperatorRegistry.families {
      for signature in family.signatures {
        #expect(covered.contains(signature.operation), "\(signature.operation) has no case")
      }
    }
  }

  @Test func theRegistryListsEveryFileOfTheFolderInOrder() throws {
    let folder = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Sources/NeuralRuntime/Operators")
    let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".swift") }
      .compactMap { $0.split(separator: "/").last.map { String($0.dropLast(6)) } }
      .filter { !$0.contains("+") }.sorted()
    #expect(OperatorRegistry.families.map { "\($0)" } == files)
  }
}
