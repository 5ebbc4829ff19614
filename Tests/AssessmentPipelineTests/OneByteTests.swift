import AssessmentPipeline
import EngineSupport
import Testing

/// One changed byte of an input changes the root, and the findings that depend on it, and no others.
@Suite struct OneByteTests {
  /// Ids of findings that differ between two assessments, or that only one of them has.
  private func changed(_ before: AssessmentResult, _ after: AssessmentResult) -> Set<String> {
    let old = Dictionary(uniqueKeysWithValues: before.findings.map { ($0.id, $0.fingerprint) })
    let new = Dictionary(uniqueKeysWithValues: after.findings.map { ($0.id, $0.fingerprint) })
    return Set((Array(old.keys) + Array(new.keys)).filter { old[$0] != new[$0] })
  }

  private func citing(
    _ result: AssessmentResult, where cites: (Finding.Evidence) -> Bool
  ) -> Set<String> {
    Set(result.findings.filter { $0.evidence.contains(where: cites) }.map(\.id))
  }

  @Test func ofTheDrawingChangesOnlyWhatCitesTheCell() throws {
    let sample = try SampleProduct()
    let before = try sample.assess(samples: 8)
    var moved = sample
    moved.edit(
      SampleProduct.drawing, "x=\"200\" y=\"45\" width=\"110\"", "x=\"201\" y=\"45\" width=\"110\"")
    let after = try moved.assess(samples: 8)
    #expect(before.root != after.root)
    let expected = citing(before) { $0.role == .diagramCell && $0.name == "Billing client" }
    #expect(!expected.isEmpty)
    #expect(expected.count < before.findings.count)
    #expect(changed(before, after) == expected)
  }

  @Test func ofAnUncitedCellChangesTheRootAlone() throws {
    let sample = try SampleProduct()
    let before = try sample.assess(samples: 8)
    var edited = sample
    edited.edit(SampleProduct.drawing, "12 May", "13 May")
    let after = try edited.assess(samples: 8)
    #expect(before.root != after.root)
    #expect(changed(before, after).isEmpty)
  }

  @Test func ofTheModelChangesWhatCitesItsTestsAndItsPapers() throws {
    let sample = try SampleProduct()
    let before = try sample.assess(samples: 8)
    var flipped = sample
    let count = flipped.documents[SampleProduct.model]?.bytes.count ?? 0
    flipped.documents[SampleProduct.model]?.bytes[count / 2] ^= 1
    let after = try flipped.assess(samples: 8)
    #expect(before.root != after.root)
    let depend = citing(before) { item in
      item.role == .testRun || (item.role == .file && item.name == SampleProduct.model)
    }
    let differing = changed(before, after)
    let papers: Set = ["lineage/gauge-reader/model-gauge-reader/sha-256"]
    #expect(differing == depend.union(papers))
    #expect(after.findings.contains { papers.contains($0.id) && $0.severity == .high })
    #expect(!differing.contains("loss-of-view/sensor"))
  }

  @Test func ofTheEvaluationDataChangesWhatCitesItsTestsAndItsPapers() throws {
    let sample = try SampleProduct()
    let before = try sample.assess(samples: 8)
    var stamped = sample
    stamped.documents[SampleProduct.data]?.bytes[10] ^= 1  // the time stamp of the first member
    let after = try stamped.assess(samples: 8)
    #expect(before.root != after.root)
    let depend = citing(before) { item in
      item.role == .testRun || (item.role == .file && item.name == SampleProduct.data)
    }
    let papers: Set = ["lineage/gauge-reader/data-set-eval-npz/sha-256"]
    #expect(changed(before, after) == depend.union(papers))
  }
}
