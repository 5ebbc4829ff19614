import EngineSupport
import Foundation
import TensorCore
import Testing

@testable import NumPyFormat

@Suite("Archives of the .npz format")
struct NumPyArchiveTests {
  private func diagnostic(
    _ bytes: [UInt8], _ limits: NumPyArchive.Limits = NumPyArchive.Limits()
  ) -> Diagnostic? {
    do {
      _ = try NumPyArchive(reading: NumPyFixtures.document(bytes), limits: limits)
      return nil
    } catch { return error }
  }

  @Test(
    "what NumPy writes, stored and deflated",
    arguments: [NumPyFixtures.savez, NumPyFixtures.savezCompressed])
  func numpy(bytes: [UInt8]) throws {
    let archive = try NumPyArchive(reading: NumPyFixtures.document(bytes))
    #expect(archive.arrays.map(\.name) == ["images", "labels"])
    #expect(
      try archive.array(named: "images").floatTensor()
        == Tensor(shape: [2, 3], elements: [0, 0.5, 1, 1.5, 2, 2.5]))
    #expect(try archive["labels"]?.integers() == [3, -1])
    #expect(archive["labels"]?.location.path == "labels.npy")
    #expect(archive["weights"] == nil)
    #expect { try archive.array(named: "weights") } throws: { error in
      let error = error as? Diagnostic
      return error?.code == "numpy.array.missing"
        && error?.hint == "the archive holds: images, labels"
    }
  }

  @Test("a name outside ASCII is refused, whatever the locale")
  func umlaut() {
    let error = diagnostic(NumPyFixtures.umlaut)
    #expect(error?.message == "a member's name is not plain ASCII")
  }

  @Test("members that are no arrays are refused with their name")
  func members() {
    let array = NumPyFixtures.npy(type: "|u1", shape: "(1,)", [4])
    #expect(diagnostic(NumPyFixtures.zip([("a.npy", array)])) == nil)
    for (members, path) in [
      ([("a.npy", array), ("a.npy", array)], "a.npy"),
      ([("a.npy", array), ("readme.txt", [65])], "readme.txt"),
      ([(".npy", array)], ".npy"),
      ([("folder/", [])], "folder/"),
    ] as [([(name: String, bytes: [UInt8])], String)] {
      let error = diagnostic(NumPyFixtures.zip(members))
      #expect(error?.code == "numpy.archive.malformed")
      #expect(error?.location?.path == path)
      #expect(error?.location?.document == "eval.npz")
    }
    let object = NumPyFixtures.npy(type: "|O", shape: "(1,)", [4])
    let error = diagnostic(NumPyFixtures.zip([("a.npy", array), ("o.npy", object)]))
    #expect(error?.code == "numpy.object.refused")
    #expect(error?.location?.path == "o.npy")
  }

  @Test("encrypted members and other compression methods are refused")
  func methods() {
    let array = NumPyFixtures.npy(type: "|u1", shape: "(1,)", [4])
    for bytes in [
      NumPyFixtures.zip([("a.npy", array)], flags: 1),
      NumPyFixtures.zip([("a.npy", array)], method: 12),
      NumPyFixtures.zip([("a.npy", array)], method: 14),
      NumPyFixtures.zip([("a.npy", array)], method: 93),
    ] {
      let error = diagnostic(bytes)
      #expect(error?.code == "numpy.archive.malformed")
      #expect(error?.location?.path == "a.npy")
    }
  }

  @Test("a wrong checksum is noticed")
  func checksum() throws {
    var bytes = NumPyFixtures.savez
    let label = try #require(bytes.firstRange(of: [3, 0, 0, 0, 0, 0, 0, 0])?.lowerBound)
    bytes[label] = 4
    #expect(diagnostic(bytes)?.code == "numpy.archive.malformed")
  }

  @Test("bombs end at the limits, declared or not")
  func bombs() throws {
    let bomb = NumPyFixtures.zeros
    #expect(bomb.count < 1_024)
    #expect(diagnostic(bomb) == nil)
    let size = 262_144 + 128
    let member = diagnostic(bomb, NumPyArchive.Limits(memberBytes: size - 1))
    #expect(member?.code == "numpy.archive.limit" && member?.location?.path == "zeros.npy")
    #expect(diagnostic(bomb, NumPyArchive.Limits(memberBytes: size)) == nil)
    #expect(
      diagnostic(bomb, NumPyArchive.Limits(totalBytes: size - 1))?.code == "numpy.archive.limit")
    #expect(
      diagnostic(NumPyFixtures.savez, NumPyArchive.Limits(memberCount: 1))?.code
        == "numpy.archive.limit")
    // The same bomb that claims to be small, wherever the size is written.
    var liar = bomb
    while let range = liar.firstRange(of: NumPyFixtures.little(UInt32(size))) {
      liar.replaceSubrange(range, with: NumPyFixtures.little(UInt32(128)))
    }
    let error = try #require(diagnostic(liar, NumPyArchive.Limits(memberBytes: 1_024)))
    #expect(
      ["numpy.archive.limit", "numpy.archive.malformed", "numpy.data.malformed"]
        .contains(error.code.name))
  }

  @Test(
    "every prefix ends in a diagnostic",
    arguments: [NumPyFixtures.savez, NumPyFixtures.savezCompressed])
  func prefixes(bytes: [UInt8]) {
    for length in 0..<bytes.count {
      let error = diagnostic(Array(bytes[..<length]))
      #expect(error?.location?.document == "eval.npz", "a prefix of \(length) bytes is accepted")
    }
  }

  @Test(
    "2,000 changed bytes end in success or a diagnostic",
    arguments: [NumPyFixtures.savez, NumPyFixtures.savezCompressed])
  func flips(bytes: [UInt8]) {
    let seed: UInt64 = 20_261_121
    var random = SeededRandom(seed: seed)
    var refused = 0
    for _ in 0..<2_000 {
      var changed = bytes
      changed[random.index(below: bytes.count)] ^= UInt8(1 + random.index(below: 255))
      if let error = diagnostic(changed) {
        refused += 1
        #expect(error.location?.document == "eval.npz", "seed \(seed)")
      }
    }
    // Most bytes are data under a checksum or headers; dates and the like may change unnoticed.
    #expect(refused > 1_000, "only \(refused) of 2,000 refused, seed \(seed)")
  }

  @Test("the gauge reader's evaluation split")
  func evaluationSplit() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let path = "models/gauge-reader/eval.npz"
    let bytes = Array(try Data(contentsOf: root.appendingPathComponent(path)))
    let archive = try NumPyArchive(reading: InputDocument(name: path, bytes: bytes))
    let images = try archive.array(named: "images")
    #expect(images.shape == [360, 1, 8, 8] && images.firstNonFinite == nil)
    #expect(try images.floatTensor().elements.allSatisfy { (0...16).contains($0) })
    let labels = try archive.array(named: "labels").integers()
    #expect(labels.count == 360 && Set(labels) == Set(0...9))
    let indices = try archive.array(named: "indices").integers()
    #expect(Set(indices).count == 360 && indices == indices.sorted() && (indices.last ?? 0) < 1_797)
  }
}
