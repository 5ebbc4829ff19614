/// Goals about all windows of a stream: how far each window is from being wrong, and what brings it nearer.
extension Objective {
  /// A window counts as pushed far enough when it is past the boundary by this share of the largest output.
  private static let enough = 0.01

  /// Negative when the stream is broken.
  func margin<Score: BinaryFloatingPoint>(
    of goal: StreamGoal, _ scores: [Score], at place: Int, row: Int
  ) -> Score {
    let isEvery = goal.needsEveryWindow(label: labels[row])
    var result: Score = isEvery ? -.infinity : .infinity
    for window in 0..<goal.windows {
      let gap = nearest(in: window, of: goal, scores, at: place, row: row).gap
      result = isEvery ? max(result, gap) : min(result, gap)
    }
    return result
  }

  func isAlternative(_ number: Int, of goal: StreamGoal, row: Int) -> Bool {
    if goal.needsEveryWindow(label: labels[row]) { return number == 0 }
    return goal.tolerance != nil || number % goal.outputs != labels[row]
  }

  func gap<Score: BinaryFloatingPoint>(
    of number: Int, of goal: StreamGoal, _ scores: [Score], at place: Int, row: Int
  ) -> Score {
    if goal.needsEveryWindow(label: labels[row]) {
      return margin(of: goal, scores, at: place, row: row)
    }
    let width = goal.alternativesOfWindow
    return gap(
      of: number % width, in: number / width, of: goal, scores, at: place, row: row)
  }

  func addDirection(
    towards number: Int, of goal: StreamGoal, _ scores: [Float], at place: Int, row: Int,
    weight: Float, to cotangent: inout [Float]
  ) {
    guard goal.needsEveryWindow(label: labels[row]) else {
      let width = goal.alternativesOfWindow
      push(
        number % width, in: number / width, of: goal, scores, at: place, row: row, weight: weight,
        to: &cotangent)
      return
    }
    var worst = (window: 0, alternative: 0, gap: -Float.infinity)
    for window in 0..<goal.windows {
      let nearest = nearest(in: window, of: goal, scores, at: place, row: row)
      if nearest.gap > worst.gap { worst = (window, nearest.alternative, nearest.gap) }
    }
    push(
      worst.alternative, in: worst.window, of: goal, scores, at: place, row: row, weight: weight,
      to: &cotangent)
  }

  /// The loss over all windows at once, which a search climbs faster than the margin of a single one: the sum of
  /// what each window lacks where every one must be wrong, else the sum of all windows' gaps.
  func spreadLoss(of goal: StreamGoal, _ scores: [Float], at place: Int, row: Int) -> Float {
    let floor = floor(of: goal, scores, at: place, row: row)
    var sum: Float = 0
    for window in 0..<goal.windows {
      sum -= max(nearest(in: window, of: goal, scores, at: place, row: row).gap, floor)
    }
    return sum
  }

  func addSpread(
    of goal: StreamGoal, _ scores: [Float], at place: Int, row: Int, to cotangent: inout [Float]
  ) {
    let floor = floor(of: goal, scores, at: place, row: row)
    for window in 0..<goal.windows {
      let nearest = nearest(in: window, of: goal, scores, at: place, row: row)
      guard nearest.gap > floor else { continue }
      push(
        nearest.alternative, in: window, of: goal, scores, at: place, row: row, weight: 1,
        to: &cotangent)
    }
  }

  private func floor(of goal: StreamGoal, _ scores: [Float], at place: Int, row: Int) -> Float {
    guard goal.needsEveryWindow(label: labels[row]) else { return -.infinity }
    var largest: Float = 1
    for index in place * outputs..<(place + 1) * outputs {
      largest = max(largest, abs(scores[index]))
    }
    return -Float(Self.enough) * largest
  }

  /// The alternative of one window that is nearest, the lowest of equal ones.
  private func nearest<Score: BinaryFloatingPoint>(
    in window: Int, of goal: StreamGoal, _ scores: [Score], at place: Int, row: Int
  ) -> (alternative: Int, gap: Score) {
    var best = (alternative: 0, gap: Score.infinity)
    for number in 0..<goal.alternativesOfWindow
    where goal.isWrong(number, label: labels[row]) {
      let gap = gap(of: number, in: window, of: goal, scores, at: place, row: row)
      if gap < best.gap { best = (number, gap) }
    }
    return best
  }

  /// A class against the best of those it must beat, or an output's move up (even) or down (odd).
  private func gap<Score: BinaryFloatingPoint>(
    of alternative: Int, in window: Int, of goal: StreamGoal, _ scores: [Score], at place: Int,
    row: Int
  ) -> Score {
    let start = place * outputs + window * goal.outputs
    if let tolerance = goal.tolerance {
      let output = window * goal.outputs + alternative / 2
      let change =
        Double(scores[place * outputs + output]) - references[row * outputs + output]
      return Score(tolerance - (alternative % 2 == 0 ? change : -change))
    }
    let rival = rival(of: alternative, goal, scores, start, label: labels[row])
    return scores[start + rival] - scores[start + alternative]
  }

  private func push(
    _ alternative: Int, in window: Int, of goal: StreamGoal, _ scores: [Float], at place: Int,
    row: Int, weight: Float, to cotangent: inout [Float]
  ) {
    let start = place * outputs + window * goal.outputs
    if goal.tolerance != nil {
      cotangent[start + alternative / 2] += alternative % 2 == 0 ? weight : -weight
      return
    }
    let rival = rival(of: alternative, goal, scores, start, label: labels[row])
    cotangent[start + alternative] += weight
    cotangent[start + rival] -= weight
  }

  /// Whom a wrong answer must beat: the label, or every alarm where an event is to go unnoticed.
  private func rival<Score: BinaryFloatingPoint>(
    of alternative: Int, _ goal: StreamGoal, _ scores: [Score], _ start: Int, label: Int
  ) -> Int {
    guard goal.rule == .event, label != goal.quiet else { return label }
    var best = alternative == 0 ? 1 : 0
    for index in 0..<goal.outputs
    where index != alternative && scores[start + index] > scores[start + best] { best = index }
    return best
  }
}

extension StreamGoal {
  /// Classes, or both directions of each value.
  var alternativesOfWindow: Int { tolerance == nil ? outputs : 2 * outputs }

  /// Whether the alternative makes a window of a stream with this label wrong.
  fileprivate func isWrong(_ alternative: Int, label: Int) -> Bool {
    if tolerance != nil { return true }
    return rule == .event && label != quiet ? alternative == quiet : alternative != label
  }
}
