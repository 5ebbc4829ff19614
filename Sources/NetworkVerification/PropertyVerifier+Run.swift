import EngineSupport
package import NeuralRuntime
import PropertyFormat

/// The ladder: search, then rounds of bounding and splitting.
extension PropertyVerifier {
  /// One task of a round: independent of the others.
  public struct Task: Sendable {
    let verifier: PropertyVerifier
    let subproblems: [Subproblem]
    var known: RelaxedBatch?

    public func callAsFunction() -> Outcome {
      Outcome(results: verifier.bounded(subproblems, knowing: known))
    }
  }

  /// What a task gives.
  public struct Outcome: Sendable {
    let results: [BoundedSubproblem]
  }

  /// Checks the property, one task after the other; see `verify(within:schedule:isTimeLeft:)`.
  public func verify(
    within effort: VerificationEffort = VerificationEffort(), isTimeLeft: () -> Bool = { true }
  ) -> VerificationResult {
    verify(within: effort, schedule: { $0.map { $0() } }, isTimeLeft: isTimeLeft)
  }

  /// Checks a property, one task after the other.
  ///
  /// - Parameter known: What this network's forward pass over one box left; used where that is the property's box.
  package func verify(
    within effort: VerificationEffort, knowing known: RelaxedBatch
  ) -> VerificationResult {
    verify(
      within: effort,
      schedule: { tasks in
        tasks.map { task in
          var task = task
          // A box that was halved from another knows more than the forward pass did.
          if let box = task.subproblems.first, task.subproblems.count == 1, box.parent == nil,
            propagation.isOver(lower: box.lower, upper: box.upper, known)
          {
            task.known = known
          }
          return task()
        }
      }, isTimeLeft: { true })
  }

  /// Checks the property.
  ///
  /// The verdict does not depend on how tasks are scheduled; with the same `isTimeLeft`, nothing does.
  ///
  /// - Parameters:
  ///   - schedule: Runs tasks, side by side if it likes, and gives their outcomes in the order of the tasks.
  ///   - isTimeLeft: Asked before each round; false ends the check with what is known.
  public func verify(
    within effort: VerificationEffort = VerificationEffort(),
    schedule: ([Task]) throws -> [Outcome],
    isTimeLeft: () -> Bool = { true }
  ) rethrows -> VerificationResult {
    var progress = VerificationResult(
      verdict: .unknown(openShare: 1), method: .search, boxes: 0, samples: 0)
    let random = SeededRandom(seed: effort.seed).stream("verification", 0)
    for (place, region) in regions.enumerated() {
      let points = search.starts(in: region, count: effort.starts, random.stream("region", place))
      for index in region.cases {
        let descent = search.descend(
          from: points, in: region, case: index, steps: effort.steps, reach: 0.25)
        progress.samples += descent.samples
        if let found = descent.found {
          progress.verdict = .refuted(found)
          return progress
        }
        guard isTimeLeft() else { return progress }
      }
    }
    return try branch(progress, within: effort, schedule, isTimeLeft)
  }

  private func branch(
    _ start: VerificationResult, within effort: VerificationEffort,
    _ schedule: ([Task]) throws -> [Outcome], _ isTimeLeft: () -> Bool
  ) rethrows -> VerificationResult {
    var progress = start
    progress.method = .lines
    var open = regions.indices.map { place in
      Subproblem(
        region: place, lower: regions[place].lower, upper: regions[place].upper,
        cases: regions[place].cases, anchorLower: [], anchorUpper: [],
        share: 1 / Double(regions.count))
    }
    open.reverse()
    /// Boxes that cannot be split any further.
    var stuck = 0.0
    let (boxes, tasks) = batching
    var rounds = 0
    var forecast = SplittingForecast()
    while !open.isEmpty {
      let known = open.reduce(stuck) { $0 + $1.share }
      guard isTimeLeft(), progress.boxes < effort.boxes, open.count <= openLimit else {
        progress.verdict = .unknown(openShare: min(1, known))
        return progress
      }
      if effort.endsWhenHopeless,
        forecast.isHopeless(
          open.compactMap { $0.parent?.depth }, within: effort.boxes - progress.boxes)
      {
        progress.verdict = .unknown(openShare: min(1, known))
        return progress
      }
      let count = min(open.count, boxes * tasks, effort.boxes - progress.boxes)
      let round = Array(open.suffix(count).reversed())
      open.removeLast(count)
      let results = try schedule(self.tasks(for: round, boxes)).flatMap(\.results)
      let first = progress.boxes
      progress.boxes += count
      for result in results {
        guard let parent = result.open.parent else { continue }
        forecast.note(
          parent: parent.number, depth: parent.depth, gain: parent.depth - result.depth)
      }
      rounds += 1
      if let found = violation(among: results, round: rounds, within: effort, &progress) {
        progress.verdict = .refuted(found)
        return progress
      }
      // The most promising box is bounded next.
      let remaining = results.indices.filter { !results[$0].open.cases.isEmpty }
      let order = remaining.sorted { (results[$0].excess, $0) > (results[$1].excess, $1) }
      for place in order {
        guard let split = results[place].splits.first else {
          stuck += results[place].open.share
          continue
        }
        progress.method = split.method
        var box = results[place].open
        box.parent = Subproblem.Parent(number: first + place, depth: results[place].depth)
        open.append(contentsOf: halves(of: box, at: split))
      }
    }
    progress.verdict = stuck > 0 ? .unknown(openShare: min(1, stuck)) : .proved
    return progress
  }

  /// Open subproblems that fit in about a gigabyte.
  private var openLimit: Int {
    max(1 << 10, (1 << 26) / (propagation.inputWidth + propagation.anchorWidths.reduce(1, +)))
  }

  /// Subproblems of one region and one state of knowledge go together.
  private func tasks(for round: [Subproblem], _ boxes: Int) -> [Task] {
    var tasks: [Task] = []
    var part: [Subproblem] = []
    for subproblem in round {
      if part.count == boxes
        || part.last.map({ $0.anchorLower.isEmpty != subproblem.anchorLower.isEmpty }) ?? false
      {
        tasks.append(Task(verifier: self, subproblems: part))
        part = []
      }
      part.append(subproblem)
    }
    if !part.isEmpty { tasks.append(Task(verifier: self, subproblems: part)) }
    return tasks
  }

  private func violation(
    among results: [BoundedSubproblem], round: Int, within effort: VerificationEffort,
    _ progress: inout VerificationResult
  ) -> CounterExample? {
    let open = results.filter { !$0.candidates.isEmpty }
    progress.samples += 2 * open.count
    for result in open where result.excess <= 0 {
      for index in result.open.cases {
        if let found = search.replayed(result.candidates[0], case: index) { return found }
      }
    }
    // Descend from the nearest misses of the round, those of one case together.
    // A thorough search whenever the number of boxes has doubled.
    let before = (progress.boxes - results.count) >> 12
    let isHunt = before.leadingZeroBitCount != (progress.boxes >> 12).leadingZeroBitCount
    guard round % 4 == 1 || isHunt else { return nil }
    let nearest = open.indices.sorted { (open[$0].excess, $0) < (open[$1].excess, $1) }.prefix(8)
    var starts: [(region: Int, index: Int, points: [[Float]])] = []
    for place in nearest {
      let result = open[place]
      guard let index = result.open.cases.first else { continue }
      if let known = starts.firstIndex(where: { $0.index == index }) {
        starts[known].points.append(result.candidates[0])
      } else {
        starts.append((result.open.region, index, [result.candidates[0]]))
      }
    }
    for start in starts {
      let descent =
        isHunt
        ? search.hunt(
          in: regions[start.region], case: start.index, starts: 8 * effort.starts,
          from: start.points,
          SeededRandom(seed: effort.seed).stream("hunt", round).stream("case", start.index))
        : search.descend(
          from: start.points, in: regions[start.region], case: start.index, steps: 12, reach: 0.02)
      progress.samples += descent.samples
      if let found = descent.found { return found }
    }
    return nil
  }

  private func halves(of parent: Subproblem, at split: BoundedSubproblem.Split) -> [Subproblem] {
    var (first, second) = (parent, parent)
    first.share /= 2
    second.share /= 2
    switch split {
    case .input(let input):
      let middle = parent.lower[input] / 2 + parent.upper[input] / 2
      first.upper[input] = middle
      second.lower[input] = middle
    case .activation(let anchor, let element):
      first.anchorUpper[anchor][element] = 0
      second.anchorLower[anchor][element] = 0
    case .steps(let anchor, let element, let end):
      first.anchorUpper[anchor][element] = end
      second.anchorLower[anchor][element] = end + 1
    }
    return [first, second]
  }
}

extension BoundedSubproblem.Split {
  var method: VerificationResult.Method {
    switch self {
    case .input: .inputSplitting
    case .activation, .steps: .activationSplitting
    }
  }
}
