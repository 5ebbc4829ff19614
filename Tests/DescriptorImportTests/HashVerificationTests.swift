import DescriptorImport
import EngineSupport
import Testing

@Suite struct HashVerificationTests {
  private func digest(_ hexadecimal: String) throws -> ContentDigest {
    try #require(ContentDigest(hexadecimal: hexadecimal))
  }

  private func files(model: String, data: String) throws -> [MeasuredFile] {
    [
      MeasuredFile(file: "models/leak.onnx", digest: try digest(model), component: "model"),
      MeasuredFile(file: "readings.npz", digest: try digest(data), component: "site readings"),
    ]
  }

  @Test func verifiesByReferenceAndByName() throws {
    let (lineage, _) = try DescriptorFixtures.read(DescriptorFixtures.complete)
    let result = HashVerification(
      of: lineage,
      against: try files(
        model: DescriptorFixtures.modelDigest, data: DescriptorFixtures.dataDigest))
    #expect(result.checks.count == 3 && result.undeclared.isEmpty && result.mismatches.isEmpty)
    #expect(result.checks[0].outcome == .verified(file: "models/leak.onnx"))
    guard case .notVerified(let reason) = result.checks[1].outcome else {
      Issue.record("SHA-512 must not count as verified")
      return
    }
    #expect(reason.contains("SHA-512"))
    #expect(result.checks[2].outcome == .verified(file: "readings.npz"))
    #expect(result.checks[2].subject == .dataSet && result.checks[2].component == "site readings")
  }

  @Test func aMismatchNamesBothDigestsAndThePlace() throws {
    let (lineage, _) = try DescriptorFixtures.read(DescriptorFixtures.complete)
    let other = String(repeating: "00", count: 32)
    let result = HashVerification(
      of: lineage, against: try files(model: other, data: DescriptorFixtures.dataDigest))
    #expect(
      result.mismatches.map(\.outcome) == [
        .mismatch(
          declared: try digest(DescriptorFixtures.modelDigest), measured: try digest(other),
          file: "models/leak.onnx")
      ])
    #expect(result.mismatches[0].location.path == "/components/0/hashes/0/content")
  }

  @Test func aHashWithoutFileAndAFileWithoutHashAreBothSaid() throws {
    let (lineage, _) = try DescriptorFixtures.read(DescriptorFixtures.complete)
    let stray = MeasuredFile(
      file: "other.onnx", digest: try digest(DescriptorFixtures.modelDigest))
    let result = HashVerification(of: lineage, against: [stray])
    #expect(result.undeclared == [stray])
    #expect(result.checks[0].outcome == .notVerified(reason: "no file was given for it"))
  }

  @Test(arguments: ["abc", String(repeating: "zz", count: 32), String(repeating: "a1", count: 33)])
  func aDigestThatIsNoneIsMalformed(_ content: String) throws {
    let (lineage, _) = try DescriptorFixtures.complete(
      replacing: DescriptorFixtures.modelDigest, with: content)
    let result = HashVerification(
      of: lineage,
      against: try files(
        model: DescriptorFixtures.modelDigest, data: DescriptorFixtures.dataDigest))
    guard case .malformed = result.checks[0].outcome else {
      Issue.record("\(content) was taken for a digest: \(result.checks[0].outcome)")
      return
    }
    #expect(result.checks[0].location.line == 15)
  }

  @Test func hashesOfExternalReferencesAreVerifiedByFileName() throws {
    let hash =
      "\"hashes\": [ { \"alg\": \"SHA-256\", \"content\": \"\(DescriptorFixtures.modelDigest)\" } ]"
    let (lineage, _) = try DescriptorFixtures.complete(
      replacing: "\"url\": \"https://example.com/leak-net\"",
      with: "\"url\": \"https://example.com/leak-net/weights.onnx\", \(hash)")
    let file = MeasuredFile(
      file: "models/weights.onnx", digest: try digest(DescriptorFixtures.modelDigest))
    let result = HashVerification(of: lineage, against: [file])
    #expect(result.checks.contains { $0.outcome == .verified(file: "models/weights.onnx") })
    #expect(result.undeclared.isEmpty)
  }
}
