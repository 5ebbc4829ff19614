import EngineSupport
import ModelTesting

/// Streams of a plan in words: how long they are, from when on they are bent, and what counts as broken.
struct StreamPart {
  let run: ModelTestResult

  /// Nothing where the plan has none; the campaigns themselves are shown with the others.
  func render() -> [Markup] {
    guard let streams = run.streams else { return [] }
    let rows: [(String, String)] = [
      ("Instants of a stream", "\(streams.length)"),
      (
        "Windows over it",
        "\(streams.windows), \(Wording.plural(streams.test.step, "instant", "instants")) apart"
      ),
      ("First instant that can be changed", "\(streams.test.onset), counted from 0"),
      ("Broken when", run.plan.claim(of: streams.test)),
      ("Streams tested", "n = \(streams.rows.count)"),
      ("Rows of the streams' data", PlanPart.ranges(streams.rows)),
      ("Why", streams.test.reason),
    ]
    return [
      Fragment.subheading("Streams"),
      Fragment.paragraph(Self.sentence(of: streams, in: run.plan)),
      Table(
        "Streams", [.init("Property"), .init("Value")],
        rows: rows.map { [.text($0.0), .text($0.1)] }
      ).render(),
    ]
  }

  static func sentence(of streams: StreamResult, in plan: TestPlan) -> String {
    "Overlapping windows of one signal share instants: each instant is bent once, every window that holds it sees the "
      + "same value, and no instant before number \(streams.test.onset) changes. Laws, range and resolution hold along "
      + "the whole stream. Here \(plan.claim(of: streams.test))."
  }
}
