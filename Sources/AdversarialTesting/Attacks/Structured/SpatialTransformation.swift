import EngineSupport
import TensorCore

/// Rotations, shifts and changes of scale: the camera a little off its place, the signal a little early.
///
/// A grid of transformations is tried, then random ones. The last two axes are the picture's; a line is
/// shifted and stretched only. Values between elements are interpolated bilinearly, those from outside
/// repeat the edge. What does not lie in the perturbation set is projected onto it, so a campaign of
/// transformations alone uses a set without a budget.
/// Source: Engstrom et al., "Exploring the landscape of spatial robustness", ICML 2019.
public struct SpatialTransformation: AdversarialAttack {
  public static let name = "spatial"
  public static let needs = TargetAccess.scores

  /// Degrees to either side.
  public var rotation: Double
  /// Share of the picture's side, in each direction.
  public var shift: Double
  /// Share by which the picture grows or shrinks.
  public var scale: Double
  /// Random transformations tried after the grid.
  public var draws: Int

  public init() { self.init(rotation: 30, shift: 0.1, scale: 0.1, draws: 50) }

  /// None may be negative; the scale must stay below 1.
  public init(rotation: Double, shift: Double, scale: Double, draws: Int) {
    self.rotation = rotation
    self.shift = shift
    self.scale = scale
    self.draws = draws
    precondition(isUsable, "a transformation has finite limits")
  }

  public var isUsable: Bool {
    rotation >= 0 && shift >= 0 && scale >= 0 && scale < 1 && (draws == 0 || draws.isCount)
      && rotation.isFinite && shift.isFinite
  }

  public var parameters: [AttackParameter] {
    [
      AttackParameter("rotation", "\(DecimalText.exact(rotation)) degrees"),
      AttackParameter("shift", DecimalText.exact(shift)),
      AttackParameter("scale", DecimalText.exact(scale)),
      AttackParameter("grid", "5 rotations, 3 x 3 shifts, 3 scales"),
      AttackParameter("draws", String(draws)),
    ]
  }

  private struct Transformation {
    var angle: Double
    var down: Double
    var right: Double
    var scale: Double
  }

  public func search(
    _ batch: AttackBatch, asking oracle: inout TargetOracle
  ) throws -> [AttackFinding] {
    var session = try SearchSession(batch, asking: &oracle)
    let region = session.region
    let picture = SquareWindows(shape: batch.set.limits.shape)
    let grid = grid(isLine: picture.height == 1)
    var random = (0..<session.count).map { batch.random(row: $0, restart: 0) }
    for trial in 0..<grid.count + draws {
      session.retire(unaffordable: 1, asking: oracle)
      let rows = session.active
      if rows.isEmpty { break }
      var packed = [Float](repeating: 0, count: rows.count * region.width)
      for (place, row) in rows.enumerated() {
        let transformation =
          trial < grid.count
          ? grid[trial] : draw(&random[row], isLine: picture.height == 1)
        apply(transformation, picture, region, row, &packed, place * region.width)
        region.project(&packed, at: place * region.width, row: row)
      }
      _ = try session.margins(at: &packed, rows: rows, asking: &oracle)
    }
    return session.findings()
  }

  private func grid(isLine: Bool) -> [Transformation] {
    let thirds = [0.0, -1, 1]
    let angles = isLine ? [0] : [0, -1, 1, -0.5, 0.5]
    return angles.flatMap { angle in
      (isLine ? [0] : thirds).flatMap { down in
        thirds.flatMap { right in
          thirds.map { size in
            Transformation(
              angle: angle * rotation, down: down * shift, right: right * shift,
              scale: 1 + size * scale)
          }
        }
      }
    }
  }

  private func draw(_ random: inout SeededRandom, isLine: Bool) -> Transformation {
    func signed() -> Double { 2 * random.uniform() - 1 }
    let values = (signed(), signed(), signed(), signed())
    return Transformation(
      angle: isLine ? 0 : values.0 * rotation, down: isLine ? 0 : values.1 * shift,
      right: values.2 * shift, scale: 1 + values.3 * scale)
  }

  /// Each element takes the original's value at the place that the transformation carries onto it.
  private func apply(
    _ transformation: Transformation, _ picture: SquareWindows, _ region: PerturbationRegion,
    _ row: Int, _ output: inout [Float], _ at: Int
  ) {
    let radians = transformation.angle * Double.pi / 180
    let (cosine, sine) = (PortableMath.cos(radians), PortableMath.sin(radians))
    let middle = (y: Double(picture.height - 1) / 2, x: Double(picture.width - 1) / 2)
    for y in 0..<picture.height {
      for x in 0..<picture.width {
        let down = Double(y) - middle.y - transformation.down * Double(picture.height)
        let right = Double(x) - middle.x - transformation.right * Double(picture.width)
        let fromY = (cosine * down + sine * right) / transformation.scale + middle.y
        let fromX = (-sine * down + cosine * right) / transformation.scale + middle.x
        let top = min(max(fromY, 0), Double(picture.height - 1))
        let left = min(max(fromX, 0), Double(picture.width - 1))
        let (y0, x0) = (Int(top), Int(left))
        let (y1, x1) = (min(y0 + 1, picture.height - 1), min(x0 + 1, picture.width - 1))
        let (dy, dx) = (top - Double(y0), left - Double(x0))
        for channel in 0..<picture.channels {
          let base = row * region.width + channel * picture.height * picture.width
          func value(_ line: Int, _ column: Int) -> Double {
            Double(region.originals[base + line * picture.width + column])
          }
          let upper = value(y0, x0) * (1 - dx) + value(y0, x1) * dx
          let lower = value(y1, x0) * (1 - dx) + value(y1, x1) * dx
          output[at + (channel * picture.height + y) * picture.width + x] =
            Float(upper * (1 - dy) + lower * dy)
        }
      }
    }
  }
}
