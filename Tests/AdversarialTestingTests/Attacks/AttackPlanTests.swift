import AdversarialTesting
import EngineSupport
import Foundation
import Testing

@Suite struct AttackPlanTests {
  private func bytes(_ plan: AttackPlan) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return try encoder.encode(plan)
  }

  @Test(arguments: AttackContractTests.attacks.indices) func everyAttackCanBeStored(
    _ index: Int
  ) throws {
    let plan = try AttackPlan(AttackContractTests.attacks[index])
    let stored = try bytes(plan)
    let read = try JSONDecoder().decode(AttackPlan.self, from: stored)
    #expect(read == plan && read.attack.parameters == plan.attack.parameters)
    #expect(try bytes(read) == stored)
  }

  @Test func otherParametersAreAnotherPlan() throws {
    let first = try AttackPlan(ProjectedGradientDescent(iterations: 40, restarts: 2))
    let second = try AttackPlan(ProjectedGradientDescent(iterations: 41, restarts: 2))
    let stored = (try bytes(first), try bytes(second))
    #expect(first != second && stored.0 != stored.1)
  }

  @Test func badPlansAreRefusedByName() throws {
    func code(_ text: String) -> String? {
      do {
        _ = try JSONDecoder().decode(AttackPlan.self, from: Data(text.utf8))
        return nil
      } catch { return (error as? Diagnostic)?.code.name ?? "\(type(of: error))" }
    }
    #expect(code(#"{"attack":"square","parameters":{}}"#) == "DecodingError")
    #expect(code(#"{"attack":"magic","parameters":{}}"#) == "test.attack.unknown")
    for count in ["0", "-5", "9223372036854775807"] {
      #expect(
        code(#"{"attack":"apgd-ce","parameters":{"iterations":"# + count + #","restarts":1}}"#)
          == "test.attack.parameters")
    }
    #expect(
      code(#"{"attack":"sparse-rs","parameters":{"queries":100}}"#) == nil)
  }
}
