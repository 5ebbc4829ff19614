import AdversarialTesting
public import AssessmentPipeline
import EngineSupport
import ModelTesting
import ThreatKnowledge

/// Writes what each test learnt about each sample, one canonical record a line, so that it can be replayed.
public struct TestRecordReporter: Reporter {
  public static let format = "test-records"

  public init() {}

  public func render(_ result: AssessmentResult) -> [ReportFile] {
    result.models.flatMap { model in
      model.tests.map { test in
        ReportFile(
          name: Self.fileName(of: test, model: model),
          bytes: test.result.samples.flatMap { sample in
            CanonicalJSON.bytes(of: SampleJSON.value(sample)) + [UInt8(ascii: "\n")]
          })
      }
    }
  }

  /// `tests/<model>.<step>.jsonl`, of streams `tests/<model>.streams.<step>.jsonl`. Ids of models are safe by the product file's own rule; whatever else might
  /// come is written with its character numbers.
  static func fileName(of test: ModelTest, model: ModelAssessment) -> String {
    var name = "tests/"
    for scalar in model.id.unicodeScalars {
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9", "-": name.unicodeScalars.append(scalar)
      default: name += "_\(String(scalar.value, radix: 16))_"
      }
    }
    return name + (test.isOverStreams ? ".streams" : "") + ".\(test.step.rawValue).jsonl"
  }
}
