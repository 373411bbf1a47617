#!/usr/bin/env bash
# One real Apache Kafka node (KRaft) on loopback, for the tests.
#   broker.sh up       fetches it once with Maven, formats, starts; prints HOST:PORT
#   broker.sh kill     SIGKILL            broker.sh start    starts it again on its data
#   broker.sh wipe     stops it and deletes its data
# Environment: KAFKA_DIR (jars and data, default build/kafka), KAFKA_PORT (default 19392; the next one is used too), KAFKA_EXTRA
# (lines for server.properties, after ours and so before them).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "${KAFKA_DIR:=build/kafka}"
dir=$(cd "$KAFKA_DIR" && pwd)
port=${KAFKA_PORT:-19392}
run=$dir/run-$port

fetch() {
  [ -e "$dir/libs/done" ] && return 0
  command -v mvn >/dev/null || { echo "broker.sh: mvn is missing: apt-get install maven openjdk-17-jre-headless" >&2; return 1; }
  mvn -q -B -f "$here/pom.xml" dependency:copy-dependencies -DoutputDirectory="$dir/libs" >&2
  touch "$dir/libs/done"
}

format() {
  mkdir -p "$run"
  cat >"$run/server.properties" <<P
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:$((port + 1))
listeners=PLAINTEXT://127.0.0.1:$port,CONTROLLER://127.0.0.1:$((port + 1))
advertised.listeners=PLAINTEXT://127.0.0.1:$port
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
log.dirs=$run/data
num.partitions=4
auto.create.topics.enable=false
offsets.topic.num.partitions=4
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
log.cleaner.dedupe.buffer.size=16777216
${KAFKA_EXTRA:-}
P
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
  java -XX:TieredStopAtLevel=1 -cp "$dir/libs/*" kafka.tools.StorageTool format -t "$(head -c 16 /dev/urandom | base64 | tr '+/' 'ab' | cut -c1-22)" \
    -c "$run/server.properties" >"$run/format.log" 2>&1 || { cat "$run/format.log" >&2; return 1; }
}

start() {
  : >"$run/server.log"
  java -Xms384m -Xmx384m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dlog4j2.configurationFile="file:$run/log4j2.properties" \
    -cp "$dir/libs/*" kafka.Kafka "$run/server.properties" >>"$run/server.log" 2>&1 </dev/null &
  echo $! >"$run/pid"
  for _ in $(seq 1 600); do
    kill -0 "$(cat "$run/pid")" 2>/dev/null || { tail -n 5 "$run/server.log" >&2; echo "broker.sh: it died; see $run/server.log" >&2; return 1; }
    if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && grep -q 'Kafka Server started' "$run/server.log"; then return 0; fi
    sleep 0.1
  done
  echo "broker.sh: not up after 60 s; see $run/server.log" >&2
  return 1
}

end() { # SIGNAL
  local pid
  pid=$(cat "$run/pid" 2>/dev/null) || return 0
  kill "-$1" "$pid" 2>/dev/null || true
  for _ in $(seq 1 100); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
  rm -f "$run/pid"
}

case ${1:-} in
  up)
    fetch
    [ -e "$run/data" ] || format
    start
    echo "127.0.0.1:$port"
    ;;
  kill) end KILL ;;
  start) start ;;
  wipe) end KILL; rm -rf "$run" ;;
  *) sed -n '2,7p' "$0" >&2; exit 2 ;;
esac
