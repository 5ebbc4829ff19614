import AssessmentPipeline
import EngineSupport
import Testing

/// The bundled sample from bytes to findings.
@Suite struct SampleAssessmentTests {
  @Test func everyFrontEndsInANamedConsequenceAndTheSensorPathIsMeasured() throws {
    let result = try SampleProduct().assess()
    for finding in result.findings {
      print(finding.severity, finding.id, finding.verdict, finding.statement)
      for path in finding.attack?.paths ?? [] {
        print("   ", path.probability, path.priorProbability, path.steps.map(\.name))
      }
    }
    for reach in result.reachability { print(reach.consequence.id, reach.sentence) }
    for d in result.diagnostics { print(d) }
    let attacks = result.findings.compactMap(\.attack)
    for fronts in ["network", "sensor", "both"] {
      #expect(result.findings.contains { $0.kind == .attackPath && $0.id.hasSuffix("/\(fronts)") })
    }
    #expect(!attacks.isEmpty)
  }
}
