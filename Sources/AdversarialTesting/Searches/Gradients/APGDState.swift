/// Points, gradients, steps and loss history of an Auto-PGD run, row by row.
struct APGDState {
  private static let sparseReduction = 1.5
  private static let sparseFloor = 10.0

  private(set) var points: [Float]
  private(set) var best: [Float]
  private var previous: [Float]
  private var gradient: [Float]
  private var bestGradient: [Float]
  private var bestLoss: [Float]
  private var bestLossAtCheck: [Float]
  private var step: [Double]
  private var wasReduced: [Bool]
  /// Losses of each row, the start's first.
  private var history: [Float]
  /// L1: the share of elements in a step, and the support of the best point at the last check.
  private var density: [Double]
  private var support: [Int]
  private let iterations: Int
  private let firstStep: Double
  private let width: Int
  private let isSparse: Bool
  private var window: Int
  private var sinceCheck = 0

  init(
    session: SearchSession, points: [Float], radius: Double, iterations: Int, isWarm: Bool
  ) {
    let rows = session.count
    width = session.width
    isSparse = session.region.norm == .l1
    self.points = points
    self.iterations = iterations
    (best, previous) = (points, points)
    gradient = Array(repeating: 0, count: points.count)
    bestGradient = gradient
    bestLoss = Array(repeating: -.infinity, count: rows)
    bestLossAtCheck = bestLoss
    firstStep = (isSparse ? 1 : 2) * radius
    step = Array(repeating: firstStep, count: rows)
    wasReduced = Array(repeating: true, count: rows)
    history = Array(repeating: 0, count: rows * (iterations + 1))
    window = max(Int((isSparse ? 0.04 : 0.22) * Double(iterations)), 1)
    density = Array(repeating: 0.2, count: isSparse ? rows : 0)
    support = Array(repeating: width, count: isSparse ? rows : 0)
    if isSparse, isWarm {
      for row in 0..<rows {
        support[row] = changed(points, row, session.region)
        density[row] = Double(support[row]) / Double(width) / 1.5
      }
    }
  }

  private func changed(_ points: [Float], _ row: Int, _ region: PerturbationRegion) -> Int {
    (row * width..<(row + 1) * width).count { points[$0] != region.originals[$0] }
  }

  mutating func note(
    _ row: Int, loss: Float, gradient packed: [Float], from: Int, iteration: Int?
  ) {
    let start = row * width
    gradient.replaceSubrange(start..<start + width, with: packed[from..<from + width])
    history[row * (iterations + 1) + (iteration.map { $0 + 1 } ?? 0)] = loss
    guard loss > bestLoss[row] || iteration == nil else { return }
    bestLoss[row] = loss
    if iteration == nil { bestLossAtCheck[row] = loss }
    best.replaceSubrange(start..<start + width, with: points[start..<start + width])
    bestGradient.replaceSubrange(start..<start + width, with: gradient[start..<start + width])
  }

  /// One step with momentum, projected.
  mutating func move(_ row: Int, _ region: PerturbationRegion, momentum: Float, radius: Double?) {
    let start = row * width
    let before = Array(points[start..<start + width])
    if isSparse {
      sparseStep(row, region, radius: radius)
    } else {
      direct(row, region)
      region.project(&points, at: start, row: row, radius: radius)
      if momentum < 1 {
        for index in 0..<width {
          let ahead = points[start + index] - before[index]
          let inertia = before[index] - previous[start + index]
          points[start + index] = before[index] + ahead * momentum + inertia * (1 - momentum)
        }
        region.project(&points, at: start, row: row, radius: radius)
      }
    }
    previous.replaceSubrange(start..<start + width, with: before)
  }

  private mutating func direct(_ row: Int, _ region: PerturbationRegion) {
    let start = row * width
    if region.norm == .linf {
      let length = Float(step[row])
      for index in 0..<width {
        let slope = gradient[start + index]
        let share = length * Float(region.set.shares[index])
        points[start + index] += (slope > 0 ? share : 0) - (slope < 0 ? share : 0)
      }
    } else {
      var square = 0.0
      for position in start..<start + width {
        square += Double(gradient[position]) * Double(gradient[position])
      }
      let scale = Float(step[row] / (square.squareRoot() + 1e-12))
      for position in start..<start + width { points[position] += scale * gradient[position] }
    }
  }

  private mutating func sparseStep(_ row: Int, _ region: PerturbationRegion, radius: Double?) {
    let start = row * width
    let sizes = gradient[start..<start + width].map(abs).sorted()
    // Rounded up, where the authors round down: with few elements their support stops at two.
    let place = min(width - 1, max(0, Int(((1 - density[row]) * Double(width)).rounded(.up))))
    let threshold = sizes[place]
    let chosen = (start..<start + width).filter {
      gradient[$0] != 0 && abs(gradient[$0]) >= threshold
    }
    let part = Float(step[row] / (Double(chosen.count) + 1e-10))
    for position in chosen { points[position] += gradient[position] > 0 ? part : -part }
    region.project(&points, at: start, row: row, radius: radius)
  }

  /// Adapts the steps at the end of a window.
  mutating func checkpoint(
    after iteration: Int, rows: [Int], _ region: PerturbationRegion, share: Double
  ) {
    sinceCheck += 1
    guard sinceCheck == window else { return }
    for row in rows {
      if isSparse { adaptSparsity(row, region) } else { halve(row, iteration, share: share) }
    }
    if !isSparse {
      window = max(
        window - max(Int(0.03 * Double(iterations)), 1), max(Int(0.06 * Double(iterations)), 1))
    }
    sinceCheck = 0
  }

  private mutating func halve(_ row: Int, _ iteration: Int, share: Double) {
    let base = row * (iterations + 1)
    let improved = (0..<window).count {
      history[base + iteration + 1 - $0] > history[base + iteration - $0]
    }
    let oscillates = Double(improved) <= share * Double(window)
    let stalls = !wasReduced[row] && bestLossAtCheck[row] >= bestLoss[row]
    wasReduced[row] = oscillates || stalls
    bestLossAtCheck[row] = bestLoss[row]
    guard wasReduced[row] else { return }
    step[row] /= 2
    returnToBest(row)
  }

  private mutating func adaptSparsity(_ row: Int, _ region: PerturbationRegion) {
    let current = changed(best, row, region)
    let becameSparser = Double(current) < 0.95 * Double(support[row])
    density[row] = Double(current) / Double(width) / 1.5
    step[row] = becameSparser ? firstStep : step[row] / Self.sparseReduction
    step[row] = min(max(step[row], firstStep / Self.sparseFloor), firstStep)
    support[row] = current
    if becameSparser { returnToBest(row) }
  }

  private mutating func returnToBest(_ row: Int) {
    let range = row * width..<(row + 1) * width
    points.replaceSubrange(range, with: best[range])
    gradient.replaceSubrange(range, with: bestGradient[range])
  }
}
