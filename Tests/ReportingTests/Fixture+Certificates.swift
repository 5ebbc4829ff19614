import EngineSupport
import TensorCore

@testable import AdversarialTesting
@testable import ModelTesting
@testable import Reporting

/// Certificates beside radii, made by hand: every outcome once.
extension Fixture {
  private var place: SourceLocation {
    SourceLocation(document: text("test-plan.yaml"), line: 3, column: 1, path: nil)
  }

  var faultCertificate: FaultCertificateResult {
    func row(
      _ index: Int, _ outcome: FaultCertificateRow.Outcome, _ scale: Double,
      found: FaultCertificateRow.Found? = nil
    ) -> FaultCertificateRow {
      FaultCertificateRow(
        index: index, outcome: outcome, certifiedScale: scale, found: found, provedShare: scale,
        refutedShare: found == nil ? 0 : 0.25, work: 12)
    }
    return FaultCertificateResult(
      test: TestPlan.FaultCertificateTest(
        channels: [0],
        parameters: [
          ParametricFault.Parameter(.offset, least: -0.5, most: 0.5),
          ParametricFault.Parameter(.gain, least: 0, most: 0.125),
        ], onset: 1, samples: 5, reason: text("faults"), location: place),
      rows: [
        row(0, .proved, 1), row(1, .unknown, 0.75), row(2, .cleanError, 0),
        row(3, .refuted, 0.5, found: .init(values: [0.25, 0.0625], scale: 0.5)),
        row(4, .refuted, 0.25, found: .init(values: [0.375, 0.125], scale: 1)),
      ])
  }

  var properties: [PropertyResult] {
    func property(_ claim: TestPlan.PropertyTest.Claim) -> TestPlan.PropertyTest {
      TestPlan.PropertyTest(
        name: text("property"), ranges: [TestPlan.ReadingRange(channel: 0, range: 1...2.5)],
        claim: claim, reason: text("property"), location: place)
    }
    let readings: [[Float]] = [[1, 16, 7, 4], [2, 16, 7, 4]]
    return [
      PropertyResult(
        test: property(.monotone(channel: 0, direction: .rising, output: 1, tolerance: 0.125)),
        verdict: .refuted, openShare: 0,
        counterexample: .init(readings: readings, outputs: [[0, 3], [0, 2.5]])),
      PropertyResult(
        test: property(.conditional(.label(1))), verdict: .proved, openShare: 0,
        counterexample: nil),
      PropertyResult(
        test: property(.conditional(.output(0, in: -1...1))), verdict: .unknown, openShare: 0.375,
        counterexample: nil),
      PropertyResult(
        test: property(.conditional(.label(0))), verdict: .unknown, openShare: 1,
        counterexample: nil, limitation: text("no bounds")),
    ]
  }

  var smoothing: SmoothingResult {
    SmoothingResult(
      deviation: 0.5, selectionDraws: 10, draws: 100, errorRate: 0.001, greatestRadius: 0.75,
      rows: [
        SmoothedRow(index: 0, label: 0, answer: 0, radius: 0.5, hits: 98, lowerShare: 0.875),
        SmoothedRow(index: 1, label: 1, answer: nil, radius: 0, hits: 52, lowerShare: 0.375),
        SmoothedRow(index: 2, label: 1, answer: 0, radius: 0.25, hits: 90, lowerShare: 0.75),
      ],
      accuracy: [0, 0.25, 1].map { radius in
        SmoothingResult.Accuracy(radius: radius, samples: 3, certified: radius > 0.5 ? 0 : 1)
      })
  }
}
