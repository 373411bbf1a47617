#!/usr/bin/env bash
# Real Apache Kafka nodes (KRaft) on loopback, for the tests. Each is broker and controller.
#   broker.sh fetch     fetches Kafka with Maven, once
#   broker.sh up [N]    that, formats, starts N nodes (default 1); prints HOST:PORT,...
#   broker.sh kill [I]  SIGKILL for node I (default 1)     broker.sh start [I]  starts it again on its data
#   broker.sh end [I]   SIGTERM, as for an update          broker.sh pid [I]    prints its process id
#   broker.sh data [I]  the folder of its logs
#   broker.sh wipe      kills all and deletes their data
#   broker.sh tool CLASS [ARGUMENT...]   one of Kafka's own commands
# Environment: KAFKA_DIR (jars and data, default build/kafka), KAFKA_PORT (default 19392), KAFKA_MORE (further lines of
# server.properties), KAFKA_DATA (where the nodes' logs lie; default: memory where 4 GiB are free, so that a slow disk holds nobody
# up), KAFKA_WAIT_S (for a node to be up: 120). A node takes four ports from KAFKA_PORT+4*(I-1) on: for clients, for controllers, for
# clients that come through a proxy, and the one at which these are told to find the proxy.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "${KAFKA_DIR:=build/kafka}"
dir=$(cd "$KAFKA_DIR" && pwd)
first=${KAFKA_PORT:-19392}
run=$dir/run-$first
memory=/dev/shm/stanced-kafka-$first

port_of() { echo $((first + 4 * ($1 - 1))); }
nodes() { cat "$run/nodes" 2>/dev/null || echo 0; }
bootstrap() { for i in $(seq 1 "$(nodes)"); do echo "127.0.0.1:$(port_of "$i")"; done | paste -sd,; }
java_short() { java -XX:TieredStopAtLevel=1 -Xmx256m -cp "$dir/libs/*" "$@"; }

fetch() {
  [ -e "$dir/libs/done" ] && return 0
  command -v mvn >/dev/null || { echo "broker.sh: mvn is missing: apt-get install maven openjdk-17-jre-headless" >&2; return 1; }
  mvn -q -B -f "$here/pom.xml" dependency:copy-dependencies -DoutputDirectory="$dir/libs" >&2
  touch "$dir/libs/done"
}

format() { # nodes
  local count=$1 copies safe i voters=
  copies=$((count < 3 ? 1 : 3)) safe=$((count < 3 ? 1 : 2))
  mkdir -p "$run"
  echo "$count" >"$run/nodes"
  rm -rf "$memory"
  free_kib=$(df --output=avail /dev/shm 2>/dev/null | tail -n 1)
  [ "${free_kib:-0}" -gt 4194304 ] && data=$memory || data=$run
  data=${KAFKA_DATA:-$data}
  cluster=$(head -c 16 /dev/urandom | base64 | tr '+/' 'ab' | cut -c1-22)
  for i in $(seq 1 "$count"); do voters+=${voters:+,}$i@127.0.0.1:$(($(port_of "$i") + 1)); done
  cat >"$run/log4j2.properties" <<P
rootLogger.level=WARN
rootLogger.appenderRef.c.ref=C
appender.c.type=Console
appender.c.name=C
appender.c.layout.type=PatternLayout
appender.c.layout.pattern=%d %p %m (%c)%n%throwable
logger.k.name=kafka.server.KafkaRaftServer
logger.k.level=INFO
P
  for i in $(seq 1 "$count"); do format_node "$i" || return 1; done
}

format_node() { # I
  local port
  port=$(port_of "$1")
  mkdir -p "$run/$1"
  cat >"$run/$1/server.properties" <<P
process.roles=broker,controller
node.id=$1
controller.quorum.voters=$voters
listeners=PLAINTEXT://127.0.0.1:$port,CONTROLLER://127.0.0.1:$((port + 1)),PROXIED://127.0.0.1:$((port + 2))
advertised.listeners=PLAINTEXT://127.0.0.1:$port,PROXIED://127.0.0.1:$((port + 3))
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,PROXIED:PLAINTEXT
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
log.dirs=$data/$1/data
num.partitions=4
default.replication.factor=$copies
min.insync.replicas=$safe
auto.create.topics.enable=false
offsets.topic.num.partitions=4
offsets.topic.replication.factor=$copies
transaction.state.log.num.partitions=4
transaction.state.log.replication.factor=$copies
transaction.state.log.min.isr=$safe
share.coordinator.state.topic.num.partitions=1
share.coordinator.state.topic.replication.factor=$copies
share.coordinator.state.topic.min.isr=$safe
group.initial.rebalance.delay.ms=0
log.cleaner.dedupe.buffer.size=16777216
${KAFKA_MORE:-}
P
  java_short kafka.tools.StorageTool format -t "$cluster" -c "$run/$1/server.properties" >"$run/$1/format.log" 2>&1 || { cat "$run/$1/format.log" >&2; return 1; }
}

# Sets it off, without waiting; in a session of its own, so that it outlives the test that started it.
launch() { # I
  : >"$run/$1/server.log"
  setsid java -Xms384m -Xmx384m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dlog4j2.configurationFile="file:$run/log4j2.properties" \
    -cp "$dir/libs/*" kafka.Kafka "$run/$1/server.properties" >>"$run/$1/server.log" 2>&1 </dev/null &
  echo $! >"$run/$1/pid"
}

wait_up() { # I; KAFKA_WAIT_S seconds at most
  for _ in $(seq 1 "${KAFKA_WAIT_S:-120}0"); do
    kill -0 "$(cat "$run/$1/pid")" 2>/dev/null || { tail -n 5 "$run/$1/server.log" >&2; echo "broker.sh: it died; see $run/$1/server.log" >&2; return 1; }
    if (exec 3<>"/dev/tcp/127.0.0.1/$(port_of "$1")") 2>/dev/null && grep -q 'Kafka Server started' "$run/$1/server.log"; then return 0; fi
    sleep 0.1
  done
  echo "broker.sh: not up after ${KAFKA_WAIT_S:-120} s; see $run/$1/server.log" >&2
  return 1
}

end() { # SIGNAL I
  local pid
  pid=$(cat "$run/$2/pid" 2>/dev/null) || return 0
  kill "-$1" "$pid" 2>/dev/null || true
  for _ in $(seq 1 200); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
  kill -9 "$pid" 2>/dev/null || true
  rm -f "$run/$2/pid"
}

case ${1:-} in
  fetch) fetch ;;
  up)
    fetch
    [ -e "$run/nodes" ] || format "${2:-1}"
    for i in $(seq 1 "$(nodes)"); do launch "$i"; done
    for i in $(seq 1 "$(nodes)"); do wait_up "$i"; done
    bootstrap
    ;;
  kill) end KILL "${2:-1}" ;;
  end) end TERM "${2:-1}" ;;
  start) launch "${2:-1}" && wait_up "${2:-1}" ;;
  data) sed -n 's/^log.dirs=//p' "$run/${2:-1}/server.properties" ;;
  pid) cat "$run/${2:-1}/pid" ;;
  tool) shift && class=$1 && shift && java_short "$class" --bootstrap-server "$(bootstrap)" "$@" ;;
  wipe) for i in $(seq 1 "$(nodes)"); do end KILL "$i"; done && rm -rf "$run" "$memory" ;;
  *) sed -n '2,12p' "$0" >&2; exit 2 ;;
esac
