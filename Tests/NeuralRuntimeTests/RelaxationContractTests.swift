import EngineSupport
import NeuralRuntime
import TensorCore
import Testing

/// What every operator with a linear relaxation promises.
@Suite struct RelaxationContractTests {
  private static let seed: UInt64 = 17

  private func boxes(
    _ example: OperatorCase, radius: Double, onlyFirst: Bool, _ random: inout SeededRandom
  ) -> [IntervalTensor] {
    example.operands(&random).enumerated().map { index, centre in
      let reach = index == 0 || !onlyFirst ? radius : 0
      return IntervalTensor(
        lower: Tensor(shape: centre.shape, elements: centre.elements.map { $0 - reach }),
        upper: Tensor(shape: centre.shape, elements: centre.elements.map { $0 + reach }))
    }
  }

  private func point(in boxes: [IntervalTensor], _ random: inout SeededRandom) -> [Tensor<Double>] {
    boxes.map { box in
      Tensor(
        shape: box.shape,
        elements: zip(box.lower.elements, box.upper.elements).map { low, high in
          let share = random.uniform()
          return share < 0.2 ? low : share > 0.8 ? high : low + (high - low) * share
        })
    }
  }

  /// Planes hold every sampled value between them, in `Double` and in `Float`.
  @Test(arguments: OperatorCases.all)
  func planesHoldTheFunction(_ example: OperatorCase) throws {
    guard let operation = try example.makeOperator() as? any PlanarOperator else { return }
    var random = SeededRandom(seed: Self.seed).stream("planes", 0)
    for round in 0..<6 {
      let onlyFirst = round % 2 == 0
      let boxes = boxes(
        example, radius: [1e-3, 1e-3, 0.2, 0.2, 1, 1][round], onlyFirst: onlyFirst, &random)
      let range = operation.interval(boxes)[0]
      let varying = boxes.indices.map { $0 == 0 || !onlyFirst }
      guard let planes = operation.planes(over: boxes, varying: varying, within: range, boxes: 1)
      else { continue }
      var widened = planes
      widened.widen(by: 0x1p-32, magnitudes: boxes.flatMap { $0.magnitudes.elements })
      for _ in 0..<30 {
        let points = point(in: boxes, &random)
        let x = points.flatMap(\.elements)
        let y = operation.forward(points, by: .fastest)[0].elements
        let narrow = points.map { DualTensor($0).float }
        let exact = narrow.map { DualTensor($0).double.elements }.flatMap(\.self)
        let single = operation.forward(narrow, by: .fastest)[0].elements.map { Double($0) }
        for i in y.indices {
          check(y[i], widened, i, x, "\(example) round \(round)")
          // A point rounded to `Float` may have left the box by a hair.
          let isInside = zip(
            exact, zip(x, boxes.flatMap { zip($0.lower.elements, $0.upper.elements) })
          )
          .allSatisfy { $0 >= $1.1.0 && $0 <= $1.1.1 }
          if isInside { check(single[i], widened, i, exact, "\(example) in Float, round \(round)") }
        }
      }
    }
  }

  private func check(
    _ y: Double, _ planes: RelaxationPlanes, _ i: Int, _ x: [Double], _ label: String
  ) {
    var (low, high) = (planes.lowerOffsets[i], planes.upperOffsets[i])
    for tap in i * planes.arity..<(i + 1) * planes.arity {
      let source = planes.sources?[tap] ?? i
      if planes.lowerSlopes[tap] != 0 { low += planes.lowerSlopes[tap] * x[source] }
      if planes.upperSlopes[tap] != 0 { high += planes.upperSlopes[tap] * x[source] }
    }
    #expect(
      y.isNaN || low <= y && y <= high,
      "element \(i): \(y) not in \(low)…\(high), \(label), seed 17")
  }

  /// An affine operator is affine: its adjoint and its value at zero give its value everywhere, within the
  /// magnitudes it names.
  @Test(arguments: OperatorCases.all)
  func affineOperatorsAreAffine(_ example: OperatorCase) throws {
    guard let operation = try example.makeOperator() as? any AffineOperator else { return }
    var random = SeededRandom(seed: Self.seed).stream("affine", 0)
    let varying = example.shapes.indices.map { $0 == 0 }
    guard operation.isAffine(in: varying) else { return }
    let operands = example.operands(&random)
    var zeroed = operands
    zeroed[0] = Tensor(repeating: 0, shape: operands[0].shape)
    let value = operation.forward(operands, by: .fastest)
    let constant = operation.forward(zeroed, by: .fastest)
    let magnitudes = operation.magnitudes(operands.map { IntervalTensor($0) })
    let g = value.map { output in
      Tensor(shape: output.shape, elements: output.elements.map { _ in random.uniform() - 0.5 })
    }
    let record = OperatorRecord(operands: zeroed, outputs: constant, needsGradient: varying)
    let pulled = try #require(operation.vjp(g, at: record, by: .fastest)[0])
    func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    let left = zip(g, zip(value, constant)).reduce(0.0) { sum, item in
      sum + dot(item.0.elements, zip(item.1.0.elements, item.1.1.elements).map { $0 - $1 })
    }
    let right = dot(pulled.elements, operands[0].elements)
    #expect(abs(left - right) <= 1e-9 * max(1, abs(left)), "\(example), seed 17")
    for (y, most) in zip(value, magnitudes) {
      for i in y.elements.indices {
        #expect(abs(y.elements[i]) <= most.elements[i] * (1 + 1e-12) + 1e-300, "\(example)")
      }
    }
    guard value.count == 1,
      let row = operation.row(of: value[0].count - 1, operands: operands)
    else { return }
    let last = value[0].elements[value[0].count - 1] - constant[0].elements[value[0].count - 1]
    let sum = row.reduce(0.0) { $0 + $1.factor * operands[0].elements[$1.source] }
    #expect(abs(sum - last) <= 1e-9 * max(1, abs(last)), "\(example)")
  }
}
