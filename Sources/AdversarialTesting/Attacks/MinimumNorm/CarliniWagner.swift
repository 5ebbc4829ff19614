import EngineSupport
import TensorCore

/// Minimises squared distance plus a constant times the margin, in a variable that keeps the range by itself.
///
/// The reading is low + (high - low)(tanh w + 1)/2; Adam descends on w, and the constant is found by
/// bisection for each sample. Distances count in shares of the sensor's range, so that the constants mean
/// the same for every sensor.
/// Source: Carlini, Wagner, "Towards evaluating the robustness of neural networks", IEEE S&P 2017.
public struct CarliniWagner: AdversarialAttack {
  public static let name = "carlini-wagner"
  public static let needs = TargetAccess.gradients
  public static var norms: [PerturbationNorm] { [.l2] }
  public static var minimisesDistance: Bool { true }

  /// Values of the constant tried for each sample.
  public var searches: Int
  /// Steps for each of them.
  public var iterations: Int
  public var learningRate: Double

  public init() { self.init(searches: 9, iterations: 200, learningRate: 0.01) }

  /// All must be positive.
  public init(searches: Int, iterations: Int, learningRate: Double) {
    self.searches = searches
    self.iterations = iterations
    self.learningRate = learningRate
    precondition(isUsable, "a descent needs steps and a rate")
  }

  private static let firstConstant = 1e-3

  public var isUsable: Bool {
    searches.isCount && iterations.isCount && learningRate > 0 && learningRate.isFinite
  }

  public var parameters: [AttackParameter] {
    [
      AttackParameter("searches", String(searches)),
      AttackParameter("iterations", String(iterations)),
      AttackParameter("learning rate", DecimalText.exact(learningRate)),
      AttackParameter("first constant", DecimalText.exact(Self.firstConstant)),
    ]
  }

  public func search(
    _ batch: AttackBatch, asking oracle: inout TargetOracle
  ) throws -> [AttackFinding] {
    try requireNorm(of: batch)
    var session = try SearchSession(batch, aim: .nearest, asking: &oracle)
    var constants = [Double](repeating: Self.firstConstant, count: session.count)
    var bounds = [(low: Double, high: Double)](repeating: (0, .infinity), count: session.count)
    for _ in 0..<searches where !session.active.isEmpty {
      let reached = try descend(&session, constants, asking: &oracle)
      for row in 0..<session.count {
        if reached[row] {
          bounds[row].high = constants[row]
        } else {
          bounds[row].low = constants[row]
        }
        constants[row] =
          bounds[row].high.isFinite ? (bounds[row].low + bounds[row].high) / 2 : constants[row] * 10
      }
    }
    return session.findings()
  }

  /// One descent with the given constants; whether each row reached the goal.
  private func descend(
    _ session: inout SearchSession, _ constants: [Double], asking oracle: inout TargetOracle
  ) throws -> [Bool] {
    let region = session.region
    let width = region.width
    let range = (0..<session.count).map { region.largestRange($0) }
    var variable = region.originals.indices.map { position -> Double in
      let low = Double(region.rangeLow[position])
      let span = Double(region.rangeHigh[position]) - low
      guard span > 0 else { return 0 }
      let share = (Double(region.originals[position]) - low) / span * 2 - 1
      return PortableMath.atanh(min(max(share, -0.999_999), 0.999_999))
    }
    var adam = AdamState(count: variable.count)
    var reached = [Bool](repeating: false, count: session.count)
    for _ in 0..<iterations {
      session.retire(unaffordable: 1, asking: oracle)
      let rows = session.active
      if rows.isEmpty { break }
      var squash = [Double](repeating: 0, count: rows.count * width)
      var packed = [Float](repeating: 0, count: rows.count * width)
      for (place, row) in rows.enumerated() {
        for index in 0..<width {
          let position = row * width + index
          let low = Double(region.rangeLow[position])
          let span = Double(region.rangeHigh[position]) - low
          squash[place * width + index] = PortableMath.tanh(variable[position])
          packed[place * width + index] =
            span > 0
            ? Float(low + span * (squash[place * width + index] + 1) / 2)
            : region.originals[position]
        }
        if !region.set.compiled.slabs.isEmpty {
          region.project(&packed, at: place * width, row: row, radius: .infinity)
        }
      }
      let asked = packed
      let answer = try session.gradients(at: &packed, rows: rows, of: .margin, asking: &oracle)
      adam.advance()
      for (place, row) in rows.enumerated() {
        let margin = Double(answer.margins[place])
        if margin < 0 { reached[row] = true }
        let weight = margin >= 0 ? constants[row] : 0
        for index in 0..<width {
          let position = row * width + index
          let span = Double(region.rangeHigh[position]) - Double(region.rangeLow[position])
          guard span > 0 else { continue }
          let change = Double(asked[place * width + index]) - Double(region.originals[position])
          let slope =
            2 * change / (range[row] * range[row])
            - weight * Double(answer.gradient[place * width + index])
          let inner = squash[place * width + index]
          variable[position] -=
            learningRate * adam.step(position, slope: slope * span * (1 - inner * inner) / 2)
        }
      }
    }
    return reached
  }
}
