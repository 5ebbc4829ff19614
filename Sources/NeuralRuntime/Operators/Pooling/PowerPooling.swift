package import EngineSupport
package import TensorCore

/// LpPool and GlobalLpPool: the p-th root of the sum of p-th powers under each window.
package struct PowerPooling: DifferentiableOperator {
  package static let signatures = [
    OperatorSignature("GlobalLpPool", attributes: ["p"]),
    OperatorSignature("LpPool", attributes: SlidingWindow.attributes.union(["ceil_mode", "p"])),
  ]

  package let node: OperatorNode
  private let window: PoolingWindow
  let power: Double

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    window = try PoolingWindow(node)
    guard let p = Optional(try node.int("p") ?? 2), (1...64).contains(p) else {
      throw node.invalidAttribute("p", "from 1 to 64")
    }
    power = Double(p)
  }

  package func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] {
    [try window.outputShape(operands[0])]
  }

  package func rowwise(_ operands: [OperandShape]) -> (any RealOperator)? { self }

  package func work(for operands: [[Int]], outputs: [[Int]]) -> Int {
    window.work(operands[0], output: outputs[0])
  }

  package func forward<S: KernelScalar>(
    _ operands: [Tensor<S>], by path: KernelPath
  ) -> [Tensor<S>] {
    let shape = operands[0].shape
    let geometry = window.plannedGeometry(shape)
    let x = operands[0].elements
    var y: [S] = []
    window.forEachWindow(geometry, planes: shape[0] * shape[1]) { taps in
      var sum = 0.0
      for z in taps.z {
        for row in taps.y {
          for column in taps.x {
            sum += PortableMath.pow(abs(x[taps.index(z, row, column)].real), power)
          }
        }
      }
      y.append(S.rounding(PortableMath.pow(sum, 1 / power)))
    }
    return [Tensor(shape: window.plannedShape(shape), elements: y)]
  }

  package func vjp<S: KernelScalar>(
    _ cotangents: [Tensor<S>], at record: OperatorRecord<S>, by path: KernelPath
  ) -> [Tensor<S>?] {
    let shape = record.operands[0].shape
    let geometry = window.plannedGeometry(shape)
    let x = record.operands[0].elements
    let y = record.outputs[0].elements
    let g = cotangents[0].elements
    var gradient = [Double](repeating: 0, count: x.count)
    var output = 0
    window.forEachWindow(geometry, planes: shape[0] * shape[1]) { taps in
      defer { output += 1 }
      guard y[output] != 0 else { return }
      for z in taps.z {
        for row in taps.y {
          for column in taps.x {
            let index = taps.index(z, row, column)
            let ratio = abs(x[index].real) / y[output].real
            let slope = PortableMath.pow(ratio, power - 1)
            gradient[index] += g[output].real * (x[index] < 0 ? -slope : slope)
          }
        }
      }
    }
    return [Tensor(shape: shape, elements: gradient.map { S.rounding($0) })]
  }
}
