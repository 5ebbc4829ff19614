import AttackGraphs
import Testing

/// Both fronts in the industrial language: what the network alone, the sensor alone and only both together reach.
@Suite struct FrontsMeetTests {
  /// A camera reads a gauge for a control server that compares with a historian and sets a pump.
  static let reader = """
    Gauge PhysicalQuantity
    Camera OpticalSensor
    Device EmbeddedDevice
    Brain LearningModel
    Server ControlServer
    Store Historian
    Pump Actuator
    Office Workstation
    Gauge DataFlow > Camera
    Camera DataFlow > Brain
    Brain ModbusFlow > Server
    Store OpcUaFlow > Server
    Server ModbusFlow > Pump
    Office HttpsFlow > Store
    Server ComparesWith Store-OpcUaFlow-Server
    Device Runs Brain
    zone field Device
    zone control Server
    zone it Office Store
    """

  @Test func theSensorAloneMisleadsWhoChecksNothing() throws {
    let reach = try PlantSketch(Self.reader).reach("Pump:unsafeSetPoint", from: ["Gauge:approach"])
    #expect(reach.fromSensor && !reach.fromNetwork && !reach.unaided)
  }

  @Test func aPlausibilityCheckAsksForBothFronts() throws {
    var plant = try PlantSketch(Self.reader)
    try plant.enable("Server:plausibilityCheck")
    try plant.enable("Store-OpcUaFlow-Server:trafficFiltering")
    let reach = try plant.reach(
      "Pump:unsafeSetPoint", from: ["Gauge:approach", "Office:receiveMail"])
    #expect(reach.onlyWithBoth)
    try plant.enable("Store:immutableHistory")
    for asset in ["Store", "Office"] {
      for defense in ["continuousMonitoring", "protectedAuditTrail"] {
        try plant.enable("\(asset):\(defense)")
      }
    }
    for flow in ["Store-OpcUaFlow-Server", "Office-HttpsFlow-Store"] {
      for defense in ["messageAuthentication", "freshness"] {
        try plant.enable("\(flow):\(defense)")
      }
    }
    let closed = try plant.reach(
      "Pump:unsafeSetPoint", from: ["Gauge:approach", "Office:receiveMail"])
    #expect(!closed.fromBoth)
  }

  @Test func ofTwoReferencesBothMustBeBent() throws {
    var plant = try PlantSketch(
      Self.reader + """

        Second ProcessTransducer
        Second AnalogFlow > Server
        Server ComparesWith Second-AnalogFlow-Server
        """)
    try plant.enable("Server:plausibilityCheck")
    try plant.enable("Store-OpcUaFlow-Server:trafficFiltering")
    let entries = ["Gauge:approach", "Office:receiveMail"]
    #expect(try !plant.reach("Pump:unsafeSetPoint", from: entries).fromBoth)
    let more = try plant.reach("Pump:unsafeSetPoint", from: entries + ["Second:handOnLine"])
    #expect(more.onlyWithBoth)
    let sensors = try plant.reach(
      "Pump:unsafeSetPoint", from: ["Gauge:approach", "Second:handOnLine"])
    #expect(!sensors.fromBoth)
  }

  @Test func theNetworkAloneReplacesTheModelOrTheFrames() throws {
    var plant = try PlantSketch(Self.reader)
    #expect(try plant.reach("Brain:wrongDecision", from: ["Device:exposed"]).fromNetwork)
    try plant.enable("Brain:parameterIntegrity")
    #expect(try !plant.reach("Brain:wrongDecision", from: ["Device:exposed"]).fromBoth)
  }

  @Test func aPoisonedModelWaitsForItsTrigger() throws {
    var plant = try PlantSketch(
      Self.reader + """

        Source DataSource
        Set DataSet
        Training TrainingPipeline
        Source HttpsFlow > Set
        Set NetworkFlow > Training
        Training NetworkFlow > Brain
        """)
    let entries = ["Source:openToContributions", "Gauge:approach"]
    #expect(try plant.reach("Brain:fireTrigger", from: entries).onlyWithBoth)
    #expect(try plant.reach("Brain:behaveAsPoisoned", from: entries).fromNetwork)
    try plant.enable("Set:sanitising")
    #expect(try !plant.reach("Brain:fireTrigger", from: entries).fromBoth)
  }

  @Test func aStolenModelHelpsWhoStandsAtTheGauge() throws {
    let plant = try PlantSketch(
      Self.reader + """

        File ModelArtefact
        Device Runs File
        Brain LoadedFrom File
        """)
    let reach = try plant.reach(
      "Gauge:placePattern", from: ["Device:discarded", "Gauge:approach"])
    #expect(reach.onlyWithBoth)
  }

  @Test func natureNeedsNobody() throws {
    var plant = try PlantSketch(Self.reader)
    #expect(try plant.reach("Brain:silentDegradation", from: ["Camera:ages"]).fromSensor)
    try plant.enable("Brain:driftMonitoring")
    #expect(try !plant.reach("Brain:silentDegradation", from: ["Camera:ages"]).fromBoth)
  }

  @Test func aSilencedMonitorHidesDrift() throws {
    var plant = try PlantSketch(
      Self.reader + """

        Watch ModelMonitor
        Brain NetworkFlow > Watch
        Watch Watches Brain
        """)
    try plant.enable("Brain:driftMonitoring")
    let reach = try plant.reach(
      "Brain:silentDegradation", from: ["Camera:ages", "Watch:exposed"])
    #expect(reach.onlyWithBoth)
  }
}
