import AdversarialTesting
import EngineSupport
import Foundation
import Testing

/// What every image corruption in the list must keep to, and single ones against what can be reckoned.
@Suite struct ImageCorruptionContractTests {
  private static let corruptions: [any ImageCorruption] = ImageCorruptions.all.map { $0.init() }

  /// A bright ring on a grey gradient.
  private static func picture(_ channels: Int, _ side: Int, seed: UInt64 = 1) -> RasterImage {
    var random = SeededRandom(seed: seed)
    let centre = Double(side - 1) / 2 + random.uniform() - 0.5
    var values: [Double] = []
    for channel in 0..<channels {
      for y in 0..<side {
        for x in 0..<side {
          let distance =
            ((Double(y) - centre) * (Double(y) - centre)
            + (Double(x) - centre) * (Double(x) - centre)).squareRoot()
          let isRing = abs(distance - Double(side) * 0.3) < Double(side) * 0.09
          values.append(
            isRing ? 0.9 - 0.1 * Double(channel) : 0.15 + 0.2 * Double(x) / Double(side))
        }
      }
    }
    return RasterImage(channels: channels, height: side, width: side, values: values)
  }

  @Test func theListNamesEveryFileOfTheFolderInOrder() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Sources/AdversarialTesting/ImageCorruptions/Corruptions")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .map { String($0.dropLast(6)) }.sorted()
    #expect(ImageCorruptions.all.map { "\($0)" } == files)
    #expect(Set(ImageCorruptions.all.map { $0.name }).count == 15)
    #expect(ImageCorruptions.all.allSatisfy { !$0.summary.isEmpty })
    for corruption in ImageCorruptions.all {
      #expect(Set(corruption.meanings).count == 5, "\(corruption.name)")
    }
  }

  @Test(arguments: 0..<15) func imagesStayInsideTheRangeAndFollowTheSeed(_ index: Int) {
    for (channels, side) in [(1, 8), (3, 32), (1, 1), (2, 5)] {
      let picture = Self.picture(channels, side)
      func run(_ severity: Int) -> RasterImage {
        Self.corruptions[index].applied(
          to: picture, severity: severity, random: SeededRandom(seed: 5))
      }
      #expect(run(0) == picture)
      for severity in 1...5 {
        let corrupted = run(severity)
        #expect(corrupted.values.count == picture.values.count)
        #expect(corrupted.values.allSatisfy { 0 <= $0 && $0 <= 1 })
        #expect(corrupted == run(severity))
      }
    }
  }

  /// Averaged over pictures the worst step is worse than the mildest, and every step does something.
  @Test(arguments: 0..<15) func theLadderGrows(_ index: Int) {
    var sums = [Double](repeating: 0, count: 6)
    for seed in UInt64(1)...8 {
      let picture = Self.picture(1, 32, seed: seed)
      for severity in 1...5 {
        let corrupted = Self.corruptions[index].applied(
          to: picture, severity: severity, random: SeededRandom(seed: seed))
        sums[severity] += zip(picture.values, corrupted.values).reduce(0) {
          $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
        }
      }
    }
    let name = type(of: Self.corruptions[index]).name
    #expect(sums.dropFirst().allSatisfy { $0 > 0 }, "\(name): \(sums)")
    // The published elastic ladder trades shift for bending; all others grow.
    if name != "elastic-transform" { #expect(sums[5] > sums[1], "\(name): \(sums)") }
  }

  @Test func contrastKeepsTheMeanAndBrightnessAdds() {
    let image = RasterImage(channels: 1, height: 1, width: 2, values: [0.2, 0.6])
    let random = SeededRandom(seed: 1)
    let flat = LowContrast().applied(to: image, severity: 2, random: random)
    #expect(zip(flat.values, [0.3, 0.5]).allSatisfy { abs($0 - $1) < 1e-12 })
    let bright = Brightness().applied(to: image, severity: 2, random: random)
    #expect(zip(bright.values, [0.3, 0.7]).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  /// A flat block has one coefficient, which is a multiple of its step at any quality.
  @Test func compressionKeepsFlatBlocks() {
    let image = RasterImage(
      channels: 1, height: 8, width: 8, values: Array(repeating: 128.0 / 255, count: 64))
    let compressed = BlockCompression().applied(
      to: image, severity: 5, random: SeededRandom(seed: 1))
    #expect(zip(compressed.values, image.values).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  /// Blurs keep a flat picture and the noises their mean.
  @Test func blursKeepFlatPicturesAndNoiseItsMean() {
    let flat = RasterImage(
      channels: 1, height: 32, width: 32, values: Array(repeating: 0.5, count: 1024))
    let random = SeededRandom(seed: 2)
    for blur: any ImageCorruption in [
      DefocusBlur(), GlassBlur(), MotionBlur(), ZoomBlur(), ElasticTransform(), Pixelation(),
    ] {
      let result = blur.applied(to: flat, severity: 5, random: random)
      #expect(result.values.allSatisfy { abs($0 - 0.5) < 1e-9 })
    }
    for noise: any ImageCorruption in [GaussianNoise(), ShotNoise(), ImpulseNoise()] {
      let result = noise.applied(to: flat, severity: 3, random: random)
      #expect(abs(result.values.reduce(0, +) / 1024 - 0.5) < 0.02)
    }
  }
}
