import EngineSupport
import TensorCore

/// The windows of a pooling operator: those of its attributes, or whole planes for the Global operators.
struct PoolingWindow: Sendable {
  /// nil takes whole planes.
  private let window: SlidingWindow?
  private let node: OperatorNode

  init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    window = node.operation.hasPrefix("Global") ? nil : try SlidingWindow(node)
  }

  func geometry(_ input: [Int]) throws(Diagnostic) -> WindowGeometry {
    if let window { return try window.geometry(input: input, padBelowKernel: true) }
    guard input.count >= 3 else { throw node.mismatch("\(input) has no spatial axes") }
    let plane = input[2...].reduce(1, *)
    return WindowGeometry(
      height: WindowGeometry.Axis(input: 1, kernel: 1, output: 1),
      width: WindowGeometry.Axis(input: plane, kernel: plane, output: 1))
  }

  func plannedGeometry(_ input: [Int]) -> WindowGeometry {
    guard let geometry = try? geometry(input) else {
      preconditionFailure("shapes were checked when the network was planned")
    }
    return geometry
  }

  func outputShape(_ input: [Int]) throws(Diagnostic) -> [Int] {
    let geometry = try geometry(input)
    let spatial =
      window == nil
      ? Array(repeating: 1, count: input.count - 2) : geometry.outputShape(rank: input.count)
    return Array(input.prefix(2)) + spatial
  }

  func plannedShape(_ input: [Int]) -> [Int] {
    guard let shape = try? outputShape(input) else {
      preconditionFailure("shapes were checked when the network was planned")
    }
    return shape
  }

  func work(_ input: [Int], output: [Int]) -> Int {
    output.reduce(1, *) * ((try? geometry(input))?.reach ?? 1)
  }

  /// The elements under one window.
  struct Taps {
    var z: Range<Int>
    var y: Range<Int>
    var x: Range<Int>
    /// The window's number along each axis.
    var position: (z: Int, y: Int, x: Int)
    fileprivate var base: Int
    fileprivate var geometry: WindowGeometry

    /// The element of the input under a kernel element.
    @inline(__always)
    func index(_ tapZ: Int, _ tapY: Int, _ tapX: Int) -> Int {
      let depth = geometry.depth.source(position.z, tapZ)
      let row = geometry.height.source(position.y, tapY)
      return base + (depth * geometry.height.input + row) * geometry.width.input
        + geometry.width.source(position.x, tapX)
    }
  }

  /// Calls `body` for each window of each plane, in the order of the outputs.
  @inline(__always)
  func forEachWindow(_ geometry: WindowGeometry, planes: Int, _ body: (Taps) -> Void) {
    let layers = (0..<geometry.depth.output).map(geometry.depth.tapsInside)
    let rows = (0..<geometry.height.output).map(geometry.height.tapsInside)
    let columns = (0..<geometry.width.output).map(geometry.width.tapsInside)
    for plane in 0..<planes {
      for (z, tapsZ) in layers.enumerated() {
        for (y, tapsY) in rows.enumerated() {
          for (x, tapsX) in columns.enumerated() {
            body(
              Taps(
                z: tapsZ, y: tapsY, x: tapsX, position: (z, y, x),
                base: plane * geometry.inputPlane, geometry: geometry))
          }
        }
      }
    }
  }
}
