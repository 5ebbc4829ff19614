package import EngineSupport
package import TensorCore

/// Resize and Upsample: a tensor brought to another size by nearest, linear or cubic interpolation.
///
/// The result is a sum over a few elements along each axis in turn; weights are computed in `Double`.
package struct Resampling: DifferentiableOperator, IntervalOperator {
  package static let signatures = [
    OperatorSignature("Resize", opsets: 10...10, parameters: ["scales"], attributes: ["mode"]),
    OperatorSignature(
      "Resize", opsets: 11...OperatorSignature.newestOpset,
      parameters: ["roi", "scales", "sizes"],
      attributes: [
        "antialias", "axes", "coordinate_transformation_mode", "cubic_coeff_a", "exclude_outside",
        "extrapolation_value", "keep_aspect_ratio_policy", "mode", "nearest_mode",
      ]),
    OperatorSignature("Upsample", opsets: 7...8, attributes: ["mode", "scales"]),
    OperatorSignature("Upsample", opsets: 9...9, parameters: ["scales"], attributes: ["mode"]),
  ]

  package let node: OperatorNode
  private let sampling: AxisSampling
  private let scales: [Double]?
  private let sizes: [Int]?
  private let axes: [Int]?
  private let policy: String
  private let region: [Double]?
  private let extrapolation: Double

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    sampling = try AxisSampling(node)
    var scales = (node.parameter("scales") as? any NumericTensor)?.reals
    if let own = try node.floats("scales") { scales = own.map { Double($0) } }
    self.scales = scales?.isEmpty == true ? nil : scales
    let sizes = try node.parameterInts("sizes")
    self.sizes = sizes?.isEmpty == true ? nil : sizes
    axes = try node.ints("axes")
    policy = try node.string("keep_aspect_ratio_policy") ?? "stretch"
    region = (node.parameter("roi") as? any NumericTensor)?.reals
    extrapolation = try node.float("extrapolation_value") ?? 0
    guard self.scales?.allSatisfy({ $0 > 0 && $0 <= 1e6 }) != false,
      self.sizes?.allSatisfy({ (1...NetworkLimits.elements).contains($0) }) != false,
      self.scales != nil || self.sizes != nil
    else { throw node.mismatch("scales or sizes must be given, above 0") }
    guard ["stretch", "not_larger", "not_smaller"].contains(policy) else {
      throw node.invalidAttribute(
        "keep_aspect_ratio_policy", "stretch, not_larger or not_smaller")
    }
  }

  /// For each axis its new length, scale and region.
  private func targets(_ shape: [Int]) throws(Diagnostic) -> [AxisSampling.Target] {
    var chosen = Array(shape.indices)
    if let axes {
      chosen = []
      for axis in axes { chosen.append(try node.axis(axis, rank: shape.count)) }
    }
    guard (sizes?.count ?? scales?.count) == chosen.count,
      region.map({ $0.isEmpty || $0.count == 2 * chosen.count }) != false
    else { throw node.mismatch("as many scales or sizes as axes of \(shape) are needed") }
    var targets = shape.map {
      AxisSampling.Target(input: $0, output: $0, scale: 1, start: 0, end: 1)
    }
    let ratios = zip(chosen, sizes ?? []).map { Double($1) / Double(max(shape[$0], 1)) }
    let common = policy == "not_larger" ? ratios.min() : ratios.max()
    for (index, axis) in chosen.enumerated() {
      var target = targets[axis]
      if let sizes {
        if policy != "stretch", let common {
          target.scale = common
          target.output = Int((common * Double(shape[axis])).rounded(.toNearestOrAwayFromZero))
        } else {
          target.output = sizes[index]
          target.scale = ratios[index]
        }
      } else if let scales {
        target.scale = scales[index]
      }
      if let region, !region.isEmpty, sampling.usesRegion {
        target.start = region[index]
        target.end = region[index + chosen.count]
      }
      if sizes == nil {
        let part = sampling.usesRegion ? target.end - target.start : 1
        let length = (Double(shape[axis]) * part * target.scale).rounded(.down)
        guard length >= 0, length <= Double(NetworkLimits.elements) else {
          throw node.mismatch("an axis of \(length)")
        }
        target.output = Int(length)
      }
      targets[axis] = target
    }
    return targets
  }

  package func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] {
    guard !operands[0].contains(0) else { throw node.unsupported("an axis without elements") }
    return [try targets(operands[0]).map(\.output)]
  }

  package func rowwise(_ operands: [OperandShape]) -> (any RealOperator)? { nil }

  package func work(for operands: [[Int]], outputs: [[Int]]) -> Int {
    8 * operands[0].count * max(outputs[0].reduce(1, *), operands[0].reduce(1, *))
  }

  package func evaluate(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    let tensor = try node.tensors(operands)[0]
    guard let integers = tensor as? any IntegerTensor else {
      return try evaluateReals(operands, within: &budget)
    }
    let results = try evaluateReals(
      [.tensor(integers.converted(to: Float.self))], within: &budget)
    guard let floats = results[0].tensor as? Tensor<Float> else { return results }
    return [.tensor(stored(floats, like: integers))]
  }

  private func stored<T: IntegerTensor>(_ floats: Tensor<Float>, like _: T) -> any AnyTensor {
    T(shape: floats.shape, elements: floats.elements.map { T.Element(real: Double($0)) })
  }

  /// For each axis that changes, the weights of each output position.
  private func weights(_ shape: [Int]) -> [(axis: Int, rows: [[AxisSampling.Weight]?])] {
    guard let targets = try? targets(shape) else {
      preconditionFailure("shapes were checked when the network was planned")
    }
    return shape.indices.compactMap { axis in
      let target = targets[axis]
      guard
        target.output != target.input || target.scale != 1 || target.start != 0 || target.end != 1
      else { return nil }
      return (axis, (0..<target.output).map { sampling.weights(at: $0, target) })
    }
  }

  package func forward<S: KernelScalar>(
    _ operands: [Tensor<S>], by path: KernelPath
  ) -> [Tensor<S>] {
    var shape = operands[0].shape
    var values = operands[0].elements.map(\.real)
    var isOutside: [Bool]?
    for (axis, rows) in weights(shape) {
      let (outer, length, inner) = IndexWalk.split(shape, at: axis)
      var next = [Double](repeating: 0, count: outer * rows.count * inner)
      var outside = isOutside.map { _ in [Bool](repeating: false, count: next.count) }
      for block in 0..<outer {
        for (position, row) in rows.enumerated() {
          for column in 0..<inner {
            let target = (block * rows.count + position) * inner + column
            guard let row else {
              if outside == nil { outside = [Bool](repeating: false, count: next.count) }
              outside?[target] = true
              continue
            }
            var sum = 0.0
            for weight in row {
              let source = (block * length + weight.source) * inner + column
              sum += weight.factor * values[source]
              if isOutside?[source] == true { outside?[target] = true }
            }
            next[target] = sum
          }
        }
      }
      values = next
      isOutside = outside
      shape[axis] = rows.count
    }
    if let isOutside {
      for i in values.indices where isOutside[i] { values[i] = extrapolation }
    }
    return [Tensor(shape: shape, elements: values.map { S.rounding($0) })]
  }

  package func vjp<S: KernelScalar>(
    _ cotangents: [Tensor<S>], at record: OperatorRecord<S>, by path: KernelPath
  ) -> [Tensor<S>?] {
    let source = record.operands[0].shape
    let steps = weights(source)
    var shape = cotangents[0].shape
    var values = cotangents[0].elements.map(\.real)
    for (axis, rows) in steps.reversed() {
      let (outer, length, inner) = IndexWalk.split(shape, at: axis)
      var next = [Double](repeating: 0, count: outer * source[axis] * inner)
      for block in 0..<outer {
        for (position, row) in rows.enumerated() {
          for column in 0..<inner {
            let value = values[(block * length + position) * inner + column]
            for weight in row ?? [] {
              next[(block * source[axis] + weight.source) * inner + column] += weight.factor * value
            }
          }
        }
      }
      values = next
      shape[axis] = source[axis]
    }
    return [Tensor(shape: source, elements: values.map { S.rounding($0) })]
  }

  /// Weights of nearest and linear interpolation are not negative.
  package func interval(_ operands: [IntervalTensor]) -> [IntervalTensor] {
    let result = operands[0].bounding(terms: 1 << operands[0].shape.count) {
      forward([$0], by: .fastest)[0]
    }
    guard sampling.mayBeNegative || sampling.usesRegion else { return [result] }
    return [result.map { _, _ in (-.infinity, .infinity) }]
  }
}
