import AttackGraphs
import Testing
import ThreatLanguage

/// A plant with every asset type of the industrial language: each step of the language can happen in it, and each
/// defence, switched on alone, stops something that leads to a consequence.
@Suite struct WholePlantTests {
  private static let plant = """
    Gauge PhysicalQuantity
    Cam OpticalSensor
    Mic AcousticSensor
    Vib InertialSensor
    Radar RangingSensor
    Gnss SatelliteReceiver
    Press ProcessTransducer
    Ct ElectricalTransducer
    Probe Sensor
    Adc SignalConverter
    Edge EmbeddedDevice
    Run InferenceRuntime
    Serve InferenceService
    Pre PreProcessing
    Brain LearningModel
    Detect DetectorModel
    Logic DecisionLogic
    File ModelArtefact
    Boot BootChain
    Fw Firmware
    Agent UpdateAgent
    Jtag DebugPort
    Dock ServicePort
    Lib SoftwareComponent
    Valve FieldDevice
    Plc Controller
    Sis SafetyController
    Relay ProtectionRelay
    Scada ControlServer
    Hmi OperatorStation
    Hist Historian
    Pump Actuator
    Breaker Actuator
    Plain Node
    Ews EngineeringStation
    Laptop Workstation
    Stick RemovableMedia
    Gw Gateway
    Sw NetworkDevice
    Fw1 Firewall
    Diode DataDiode
    Radio WirelessNetwork
    Field1 Zone
    Con Conduit
    Ctl Zone
    Office Zone
    Cloud CloudService
    Vpn RemoteAccessService
    Mdm ManagementService
    Upd UpdateService
    ModUpd ModelUpdateService
    Dir DirectoryService
    Acc Account
    Key TrustAnchor
    Vend Supplier
    Base PretrainedModel
    Src DataSource
    Set DataSet
    Label LabellingProcess
    Train TrainingPipeline
    Reg ModelRegistry
    Mon ModelMonitor
    Log DecisionLog
    Gauge DataFlow > Cam
    Gauge DataFlow > Mic
    Gauge DataFlow > Vib
    Gauge DataFlow > Radar
    Gauge DataFlow > Gnss
    Gauge DataFlow > Press
    Gauge DataFlow > Ct
    Gauge DataFlow > Probe
    Cam DataFlow > Pre
    Pre DataFlow > Brain
    Mic DataFlow > Brain
    Vib DataFlow > Brain
    Radar DataFlow > Brain
    Gnss DataFlow > Brain
    Probe DataFlow > Brain
    Press AnalogFlow > Adc
    Ct AnalogFlow > Adc
    Adc IoLinkFlow > Plc
    Adc SampledValuesFlow > Relay
    Adc CanFlow > Brain
    Press HartFlow > Valve
    Brain DataFlow > Logic
    Logic ModbusFlow > Plc
    Serve HttpFlow > Scada
    Detect DataFlow > Scada
    Brain ProfinetFlow > Sis
    Plc AnalogFlow > Pump
    Valve AnalogFlow > Pump
    Relay GooseFlow > Breaker
    Sis Rs485Flow > Pump
    Scada Iec104Flow > Plc
    Scada Dnp3Flow > Relay
    Scada Dnp3SecureFlow > Plc
    Scada MmsFlow > Relay
    Relay MmsFlow > Scada
    Plc ModbusFlow > Scada
    Scada OpcClassicFlow > Hmi
    Hmi EtherNetIpFlow > Plc
    Hmi BacnetFlow > Plc
    Plc OpcUaFlow > Hist
    Hist OpcUaFlow > Scada
    Plain ReferenceFlow > Scada
    Ews S7commFlow > Plc
    Ews S7commFlow > Sis
    Ews NetworkFlow > Valve
    Laptop RemoteDesktopFlow > Ews
    Laptop SshFlow > Gw
    Laptop SerialConsoleFlow > Plc
    Laptop UsbFlow > Dock
    Hist HttpsFlow > Diode
    Diode HttpsFlow > Cloud
    Logic MqttFlow > Radio
    Radio MqttFlow > Gw
    Gw MqttFlow > Cloud
    Valve WirelessHartFlow > Gw
    Edge LorawanFlow > Gw
    Edge BluetoothFlow > Laptop
    Sw NetworkFlow > Scada
    Press BusFlow > Gw
    Edge RadioFlow > Gw
    Vpn RemoteDesktopFlow > Hmi
    Mdm HttpsFlow > Edge
    Upd HttpsFlow > Agent
    ModUpd HttpsFlow > Agent
    Src HttpsFlow > Set
    Label HttpsFlow > Set
    Cam HttpsFlow > Set
    Set NetworkFlow > Train
    Base HttpsFlow > Train
    Train NetworkFlow > Reg
    Reg NetworkFlow > ModUpd
    Reg NetworkFlow > File
    Train NetworkFlow > Brain
    Train NetworkFlow > Detect
    Brain NetworkFlow > Mon
    Logic NetworkFlow > Log
    Gw OpcUaFlow > Hist
    Gw ModbusFlow > Scada
    Sw RadioFlow > Scada
    Mon RadioFlow > Scada
    Dir NetworkFlow > Scada
    Edge Runs Run
    Edge Runs Boot
    Edge Runs Fw
    Edge Runs Agent
    Edge Runs Jtag
    Edge Runs Dock
    Edge Runs Lib
    Edge Runs Pre
    Edge Runs Logic
    Run Runs Brain
    Run Runs File
    Serve Runs Detect
    Brain LoadedFrom File
    Scada ComparesWith Detect-DataFlow-Scada
    Sis Protects Pump
    Relay Protects Breaker
    Scada ComparesWith Hist-OpcUaFlow-Scada
    Stick PluggedInto Laptop
    Stick PluggedInto Hmi
    Field1 Joins Con
    Ctl Joins Con
    Fw1 Guards Con
    Dir Knows Acc
    Acc Opens Scada
    Acc Opens Vpn
    Laptop Runs Acc
    Upd Runs Key
    Key Believes Agent
    Key Believes Boot
    Key Believes File
    Vend Supplies Scada
    Vend Supplies Lib
    Vend Supplies Base
    Vend Supplies Src
    Train Runs Set
    Mon Watches Brain
    Mon Runs Log
    Field1 Contains Gw
    Field1 Contains Edge
    Field1 Contains Dock
    Ctl Contains Plc
    Ctl Contains Scada
    Ctl Contains Hmi
    Ctl Contains Hist
    Ctl Contains Sis
    Ctl Contains Relay
    Ctl Contains Ews
    Ctl Contains Sw
    Ctl Contains Radio
    Office Contains Laptop
    Office Contains Dir
    Office Contains Train
    Office Contains Reg
    Office Contains Vpn
    """

  /// The topmost type that declares the step, so that redeclarations count as one.
  private func family(_ step: StepType, of type: String) throws -> String {
    let language = try #require(PlantSketch.language)
    var owner = type
    var current: String? = type
    while let name = current, let asset = language.assetType(named: name) {
      if asset.step(named: step.name) != nil { owner = name }
      current = asset.superType
    }
    return "\(owner).\(step.name)"
  }

  private func entries(_ graph: AttackGraph) -> [AttackGraph.StepID] {
    graph.steps.indices.filter { graph.type(of: $0).tags.contains("entry") }
  }

  @Test func everyAssetTypeStandsInThePlant() throws {
    let language = try #require(PlantSketch.language)
    let drawn = Set(try PlantSketch(Self.plant).model.assets.map(\.type))
    for type in language.assetTypes where !type.isAbstract {
      #expect(drawn.contains(type.name), "\(type.name)")
    }
  }

  @Test func everyStepCanHappen() throws {
    let graph = try PlantSketch(Self.plant).graph()
    let reach = AttackReach(graph, from: entries(graph))
    var happens: [String: Bool] = [:]
    for step in graph.steps.indices {
      let type = graph.type(of: step)
      guard type.kind == .or || type.kind == .and else { continue }
      let owner = graph.instance.assets[graph.asset(of: step)].type
      happens[try family(type, of: owner), default: false] =
        try happens[family(type, of: owner), default: false] || reach.isReached(step)
    }
    #expect(happens.count > 300)
    for name in happens.keys.sorted() { #expect(happens[name] == true, "\(name)") }
  }

  @Test func everyDefenceAloneStopsSomething() throws {
    let graph = try PlantSketch(Self.plant).graph()
    let harmful = leadingToAConsequence(graph)
    var reach = AttackReach(graph, from: entries(graph))
    var stops: [String: Bool] = [:]
    for step in graph.steps.indices where graph.kind(of: step) == .defense {
      let owner = graph.instance.assets[graph.asset(of: step)].type
      let name = try family(graph.type(of: step), of: owner)
      if stops[name] == true { continue }
      // What is in place by construction is tried by taking it away.
      let isInPlace = reach.isOff(step)
      let changed = isInPlace ? reach.switchOn(step) : reach.switchOff(step)
      let stopsHarm = changed.contains { $0 != step && harmful.contains($0) }
      stops[name] = stops[name, default: false] || stopsHarm
      _ = isInPlace ? reach.switchOff(step) : reach.switchOn(step)
    }
    #expect(stops.count > 100)
    for name in stops.keys.sorted() { #expect(stops[name] == true, "\(name)") }
  }

  /// What is left when all is in place: who stands at the measured object can keep the sensors from seeing it.
  @Test func withEveryDefenceAnAttackerCanOnlyBlind() throws {
    let graph = try PlantSketch(Self.plant).graph()
    let attackers = entries(graph).filter { !graph.type(of: $0).tags.contains("natural") }
    var reach = AttackReach(graph, from: attackers)
    for step in graph.steps.indices where graph.kind(of: step) == .defense {
      _ = reach.switchOff(step)
    }
    func consequences() -> Set<String> {
      Set(
        graph.steps.indices.filter {
          reach.isReached($0) && graph.type(of: $0).tags.contains("consequence")
        }.map { graph.type(of: $0).name })
    }
    let blinded: Set<String> = [
      "denialOfControl", "denialOfView", "lossOfControl", "lossOfProductivity", "lossOfView",
    ]
    #expect(consequences() == blinded)
    _ = reach.switchOff(try #require(graph.step(named: "Gauge:occlude")))
    #expect(consequences().isEmpty)
  }

  private func leadingToAConsequence(_ graph: AttackGraph) -> Set<AttackGraph.StepID> {
    var found = Set(
      graph.steps.indices.filter { graph.type(of: $0).tags.contains("consequence") })
    var open = Array(found)
    while let step = open.popLast() {
      for parent in graph.parents(of: step) where found.insert(Int(parent)).inserted {
        open.append(Int(parent))
      }
    }
    return found
  }
}
