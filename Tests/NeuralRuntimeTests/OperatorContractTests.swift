import EngineSupport
import Foundation
import NeuralRuntime
import ONNXFormat
import TensorCore
import Testing

/// What every operator promises, checked on every case.
@Suite struct OperatorContractTests {
  static let seed: UInt64 = 41

  @Test(arguments: OperatorCases.all)
  func shapeIsTheActualShape(_ example: OperatorCase) throws {
    var random = SeededRandom(seed: Self.seed)
    let operation = try example.makeOperator()
    let expected = try operation.outputShapes(for: example.shapes)
    let outputs = operation.forward(example.operands(&random), by: .fastest)
    #expect(outputs.map(\.shape) == expected)
    guard let operation = operation as? any DifferentiableOperator else { return }
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
      guard let operation = try example.makeDifferentiable() else { return }
      var operands = example.operands(&random)
      let outputs = operation.forward(operands, by: .fastest)
      let cotangents = outputs.enumerated().map { index, y in
        // Moments that LayerNormalization gives beside its result carry no gradient.
        Tensor(
          shape: y.shape,
          elements: y.elements.map { _ in
            example.gradedOutputs > index ? random.uniform() * 2 - 1 : 0
          })
      }
      func loss() -> Double {
        zip(operation.forward(operands, by: .fastest), cotangents)
          .flatMap { zip($0.elements, $1.elements) }.reduce(0) { $0 + $1.0 * $1.1 }
      }
      let record = OperatorRecord(
        operands: operands, outputs: outputs, needsGradient: operands.map { _ in true })
      let gradients = operation.vjp(cotangents, at: record, by: .fastest)
      for operand in operands.indices where !example.ungraded.contains(operand) {
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
    guard let operation = try example.makeDifferentiable() else { return }
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
    guard let operation = operation as? any DifferentiableOperator else { return }
    let record = OperatorRecord(
      operands: operands, outputs: fast, needsGradient: operands.map { _ in true })
    #expect(
      operation.vjp(fast, at: record, by: .fastest)
        == operation.vjp(fast, at: record, by: .portable))
  }

  /// Sampled points of random boxes never leave the interval, in `Float` or in `Double`.
  @Test(arguments: OperatorCases.all)
  func intervalsHoldEveryPointInside(_ example: OperatorCase) throws {
    guard let operation = try example.makeOperator() as? any IntervalOperator else { return }
    var random = SeededRandom(seed: Self.seed).stream("interval", 0)
    for round in 0..<4 {
      let centres = example.operands(&random)
      let radius = [0, 1e-3, 0.1, 1][round]
      let boxes = centres.enumerated().map { index, centre in
        // Only the first operand moves in every other round: weights are constants in a network.
        let reach = index == 0 || round % 2 == 0 ? radius : 0
        return IntervalTensor(
          lower: Tensor(shape: centre.shape, elements: centre.elements.map { $0 - reach }),
          upper: Tensor(shape: centre.shape, elements: centre.elements.map { $0 + reach }))
      }
      let bounds = operation.interval(boxes)
      for _ in 0..<20 {
        let points = boxes.map { box in
          Tensor(
            shape: box.shape,
            elements: zip(box.lower.elements, box.upper.elements).map { low, high in
              let share = random.uniform()
              return share < 0.2 ? low : share > 0.8 ? high : low + (high - low) * share
            })
        }
        check(operation.forward(points, by: .fastest), inside: bounds, example, round)
        let narrow = points.map { Tensor(shape: $0.shape, elements: $0.elements.map { Float($0) }) }
        let isInside = zip(narrow, boxes).allSatisfy { point, box in
          point.elements.indices.allSatisfy {
            Double(point.elements[$0]) >= box.lower.elements[$0]
              && Double(point.elements[$0]) <= box.upper.elements[$0]
          }
        }
        guard isInside || round > 0 else { continue }
        let clamped = zip(narrow, boxes).map { point, box in
          Tensor(
            shape: point.shape,
            elements: point.elements.indices.map { i -> Float in
              var x = point.elements[i]
              while Double(x) < box.lower.elements[i] { x = x.nextUp }
              while Double(x) > box.upper.elements[i] { x = x.nextDown }
              return x
            })
        }
        // A box of one point between two `Float` values holds none of them.
        guard
          zip(clamped, boxes).allSatisfy({ point, box in
            point.elements.indices.allSatisfy {
              Double(point.elements[$0]) >= box.lower.elements[$0]
            }
          })
        else { continue }
        let results = operation.forward(clamped, by: .fastest)
        check(
          results.map { DualTensor($0).double }, inside: bounds, example, round)
      }
    }
  }

  private func check(
    _ results: [Tensor<Double>], inside bounds: [IntervalTensor], _ example: OperatorCase,
    _ round: Int
  ) {
    #expect(results.map(\.shape) == bounds.map(\.shape))
    for (result, bound) in zip(results, bounds) {
      for (index, y) in result.elements.enumerated() {
        #expect(
          y.isNaN || bound.lower.elements[index] <= y && y <= bound.upper.elements[index],
          "element \(index) is \(y), seed \(Self.seed) round \(round)")
      }
    }
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
    let rowwise = try #require(operation.rowwise(shapes))
    var random = SeededRandom(seed: Self.seed)
    let operands = example.operands(&random, rows: 3).map(DualTensor.init).map(\.float)
    let needs = example.batched
    let whole = rowwise.forward(operands, by: .fastest)
    let cotangents = whole.map { output in
      Tensor(
        shape: output.shape, elements: output.elements.map { _ in Float(random.uniform() - 0.5) })
    }
    let gradients = (rowwise as? any DifferentiableOperator)?.vjp(
      cotangents,
      at: OperatorRecord(operands: operands, outputs: whole, needsGradient: needs),
      by: .fastest)
    #expect((gradients == nil) == !(operation is any DifferentiableOperator))
    for row in 0..<3 {
      let alone = zip(operands, example.batched).map { $1 ? $0.rows(row..<row + 1) : $0 }
      let y = operation.forward(alone, by: .fastest)
      #expect(y == whole.map { $0.rows(row..<row + 1) }, "row \(row)")
      guard let gradients, let operation = operation as? any DifferentiableOperator else {
        continue
      }
      let own = operation.vjp(
        cotangents.map { $0.rows(row..<row + 1) },
        at: OperatorRecord(operands: alone, outputs: y, needsGradient: needs), by: .fastest)
      for operand in operands.indices where example.batched[operand] {
        #expect(own[operand] == gradients[operand]?.rows(row..<row + 1), "row \(row)")
      }
    }
  }

  @Test func everyRegisteredOperatorHasACase() {
    let covered = Set(OperatorCases.all.map { "\($0.node.domain):\($0.node.operation)" })
    let quantiser = "com.microsoft"
    for family in OperatorRegistry.families
    where family is any DifferentiableOperator.Type || family is any IntervalOperator.Type {
      for signature in family.signatures where signature.domain != quantiser {
        let name = "\(signature.domain):\(signature.operation)"
        #expect(covered.contains(name), "\(name) has no case")
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
