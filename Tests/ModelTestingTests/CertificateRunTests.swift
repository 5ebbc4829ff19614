import AdversarialTesting
import EngineSupport
import ModelTesting
import Testing

/// Certificates that a plan asks for: what is resolved, what is found, and what is refused.
@Suite struct CertificateRunTests {
  @Test func familiesOfFaultsAreProvedOrRefuted() throws {
    let bundled = try BundledModel("pressure-comp")
    let run = try bundled.run(samples: 12)
    #expect(run.resolved["faultCertificates"]?.elements?.count == 2)
    let result = try run.run(workers: OrderedConcurrency(width: 2))
    #expect(result.faultCertificates.count == 2)
    for certificate in result.faultCertificates {
      #expect(certificate.rows.count == 2 && certificate.trials == 2)
      #expect(certificate.proved + certificate.refuted + certificate.unknown == 2)
      #expect(certificate.rows.allSatisfy { result.rows.contains($0.index) })
      for row in certificate.rows {
        #expect((row.outcome == .proved) == (row.certifiedScale == 1))
        #expect(row.provedShare + row.refutedShare <= 1 + 1e-12)
        if let found = row.found { #expect(found.scale >= row.certifiedScale) }
      }
    }
    #expect(result.properties.map(\.verdict) == [.proved, .proved])
    #expect(result.acceptance == .accepted)
    #expect(result.notTested.allSatisfy { !$0.contains("family of sensor faults") })
  }

  /// A family that is far too wide is refuted, and a property that is false is.
  @Test func whatIsFalseIsRefutedWithItsReason() throws {
    let bundled = try BundledModel("pressure-comp")
    var plan = bundled.plan
    plan.attackers = []
    plan.certificates = nil
    plan.faults = nil
    plan.noise = nil
    plan.faultCertificates[0].parameters = [
      ParametricFault.Parameter(.offset, least: -100, most: 100)
    ]
    plan.properties[0].claim = .monotone(
      channel: 0, direction: .falling, output: 0, tolerance: 0.1)
    plan.properties[1].claim = .conditional(.output(0, in: 5...6))
    let result = try bundled.run(plan).run(workers: OrderedConcurrency(width: 1))
    let rows = try #require(result.faultCertificates.first).rows
    #expect(rows.allSatisfy { $0.outcome == .refuted })
    for row in rows {
      let found = try #require(row.found)
      #expect(found.values.count == 1 && abs(found.values[0]) <= 100 && found.scale <= 1)
    }
    #expect(result.properties.map(\.verdict) == [.refuted, .refuted])
    #expect(result.acceptance == .rejected)
    let pair = try #require(result.properties[0].counterexample)
    #expect(pair.readings.count == 2 && pair.readings[0][0] < pair.readings[1][0])
    #expect(pair.readings[0][1] == pair.readings[1][1])
    #expect(pair.outputs[1][0] - pair.outputs[0][0] >= 0.1)
    let single = try #require(result.properties[1].counterexample)
    #expect(single.readings.count == 1 && !(5...6).contains(single.outputs[0][0]))
  }

  @Test func smoothedAccuracyFallsWithTheRadius() throws {
    let result = try BundledModel("gauge-reader").run(samples: 6)
      .run(workers: OrderedConcurrency(width: 2))
    #expect(result.smoothing.map(\.deviation) == [1, 2])
    for smoothing in result.smoothing {
      #expect(smoothing.rows.count == 4 && smoothing.draws == 300)
      #expect(smoothing.accuracy.map(\.radius) == [0, 0.5, 1, 2, 4])
      for (near, far) in zip(smoothing.accuracy, smoothing.accuracy.dropFirst()) {
        #expect(near.certified >= far.certified)
      }
      for row in smoothing.rows {
        #expect(row.radius <= smoothing.greatestRadius)
        #expect((row.answer == nil) == (row.lowerShare <= 0.5))
      }
    }
  }

  @Test func certificatesAreAPartOfTheDigest() throws {
    let bundled = try BundledModel("pressure-comp")
    let first = try bundled.run(bundled.plan).digest
    let changes: [(inout TestPlan) -> Void] = [
      { $0.faultCertificates[0].parameters[0].most = 3 },
      { $0.faultCertificates[0].channels = [0] }, { $0.faultCertificates[1].reason = "another" },
      { $0.faultCertificates[0].samples = 1 }, { $0.faultCertificates[0].front = .sensor },
      { $0.properties[0].ranges.removeLast() },
      { $0.properties[1].claim = .conditional(.output(0, in: 0...1)) },
      { $0.properties.removeLast() },
    ]
    for (number, change) in changes.enumerated() {
      var plan = bundled.plan
      change(&plan)
      #expect(try bundled.run(plan).digest != first, "change \(number)")
    }
    let gauge = try BundledModel("gauge-reader")
    var plan = gauge.plan
    plan.smoothing?.errorRate = 0.01
    #expect(try gauge.run(plan).digest != gauge.run(gauge.plan).digest)
  }

  @Test func whatDoesNotFitTheModelIsRefusedWithItsPlace() throws {
    let bundled = try BundledModel("pressure-comp")
    func code(_ change: (inout TestPlan) -> Void) -> String? {
      var plan = bundled.plan
      change(&plan)
      do throws(Diagnostic) {
        _ = try bundled.run(plan)
        return nil
      } catch {
        #expect(error.location?.line != nil)
        return error.code.name
      }
    }
    #expect(code { $0.faultCertificates[0].onset = 1 } == "plan.fault.onset")
    #expect(
      code { $0.properties[1].claim = .conditional(.output(1, in: 0...1)) }
        == "plan.property.output")
  }

  @Test func ofTreesNothingIsCertifiedThatNeedsLayers() throws {
    let bundled = try BundledModel("transient-class")
    var plan = bundled.plan
    plan.attackers = []
    plan.certificates = nil
    let pressure = try BundledModel("pressure-comp").plan
    plan.faultCertificates = [pressure.faultCertificates[0]]
    plan.faultCertificates[0].channels = [0]
    plan.properties = [pressure.properties[1]]
    plan.properties[0].ranges = []
    plan.properties[0].claim = .conditional(.label(0))
    let result = try bundled.run(plan).run(workers: OrderedConcurrency(width: 1))
    #expect(result.faultCertificates.isEmpty)
    #expect(result.notTested.contains { $0.contains("trees have no layers") })
    #expect(result.properties.map(\.verdict) == [.unknown])
    #expect(result.properties[0].limitation != nil && result.acceptance == .undecided)
  }
}
