import AdversarialTesting
import TensorCore

/// Which answers of a model to disturbed samples still count as right.
struct AnswerJudge: Sendable {
  let target: any TargetModel
  let task: TestPlan.Task
  let labels: [Int]
  /// Clean outputs, `labels.count` rows.
  private let clean: [Float]

  init(_ target: any TargetModel, task: TestPlan.Task, inputs: Tensor<Float>, labels: [Int]) throws
  {
    self.target = target
    self.task = task
    self.labels = labels
    clean = try target.scores(of: inputs).elements
  }

  private var width: Int { target.classCount }

  /// Samples that are right when clean.
  var trials: [Int] {
    labels.indices.filter { row in
      task.isAboutClasses ? best(clean, row) == labels[row] : true
    }
  }

  struct Tally {
    var kept = 0
    var missed = 0
    var falseAlarms = 0
  }

  /// - Parameter disturbed: One sample for each of `rows`, in their order.
  func tally(_ disturbed: Tensor<Float>, rows: [Int]) throws -> Tally {
    guard !rows.isEmpty else { return Tally() }
    let outputs = try target.scores(of: disturbed).elements
    var tally = Tally()
    for (place, row) in rows.enumerated() {
      switch task {
      case .regression(let tolerance, _):
        let moved = (0..<width).contains { index in
          let change = Double(outputs[place * width + index]) - Double(clean[row * width + index])
          return !(abs(change) <= tolerance)
        }
        tally.kept += moved ? 0 : 1
      case .classification(_, let quiet):
        let answer = best(outputs, place)
        if answer == labels[row] {
          tally.kept += 1
        } else if let quiet {
          tally.missed += labels[row] != quiet && answer == quiet ? 1 : 0
          tally.falseAlarms += labels[row] == quiet ? 1 : 0
        }
      }
    }
    return tally
  }

  /// The first of the greatest scores; -1 where one is not a number.
  private func best(_ scores: [Float], _ row: Int) -> Int {
    let row = scores[row * width..<(row + 1) * width]
    guard row.allSatisfy({ !$0.isNaN }), let greatest = row.max(),
      let place = row.firstIndex(of: greatest)
    else { return -1 }
    return place - row.startIndex
  }
}
