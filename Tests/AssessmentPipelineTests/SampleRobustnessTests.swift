import AssessmentPipeline
import DescriptorImport
import DiagramImport
import EngineSupport
import ModelTesting
import NeuralRuntime
import ONNXFormat
import Testing

/// Every prefix and 2,000 single-byte flips of the sample's drawing, descriptor and model end in success or a
/// diagnostic; a crash or a hang would end the test run itself.
@Suite struct SampleRobustnessTests {
  private static let seed: UInt64 = 20_261_121

  /// Counts of damaged documents that were read and refused.
  private func outcomes(
    of path: String, _ read: @escaping @Sendable (InputDocument) throws(Diagnostic) -> Void
  ) throws -> (read: Int, refused: Int) {
    let document = try #require(SampleProduct().documents[path])
    var damaged = (0..<document.bytes.count).map { Damage.prefix($0) }
    var random = SeededRandom(seed: Self.seed).stream(named: path, 0)
    for _ in 0..<2_000 {
      damaged.append(
        .flip(random.index(below: document.bytes.count), UInt8(1 << random.index(below: 8))))
    }
    let results = try OrderedConcurrency(width: 2).map(damaged) { damage in
      do throws(Diagnostic) {
        try read(InputDocument(name: path, bytes: damage.applied(to: document.bytes)))
        return true
      } catch {
        return false
      }
    }
    return (results.count { $0 }, results.count { !$0 })
  }

  private enum Damage: Sendable {
    case prefix(Int)
    case flip(Int, UInt8)

    func applied(to bytes: [UInt8]) -> [UInt8] {
      switch self {
      case .prefix(let count): return Array(bytes.prefix(count))
      case .flip(let index, let mask):
        var changed = bytes
        changed[index] ^= mask
        return changed
      }
    }
  }

  @Test func drawing() throws {
    let result = try outcomes(of: SampleProduct.drawing) { document throws(Diagnostic) in
      var diagnostics = Diagnostics()
      _ = try DiagramImporters.importDiagram(document, reportingTo: &diagnostics)
    }
    #expect(result.refused > 10_000 && result.read > 100, "seed \(Self.seed): \(result)")
  }

  @Test func descriptor() throws {
    let result = try outcomes(of: SampleProduct.card) { document throws(Diagnostic) in
      var diagnostics = Diagnostics()
      let lineage = try DescriptorImporters.lineage(of: document, reportingTo: &diagnostics)
      _ = lineage.gaps()
    }
    #expect(result.refused > 5_000 && result.read > 100, "seed \(Self.seed): \(result)")
  }

  @Test func model() throws {
    let result = try outcomes(of: SampleProduct.model) { document throws(Diagnostic) in
      var diagnostics = Diagnostics()
      _ = try Network(planning: try ONNXModel(reading: document), reportingTo: &diagnostics)
    }
    #expect(result.refused > 10_000 && result.read > 100, "seed \(Self.seed): \(result)")
  }
}
