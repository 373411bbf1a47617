# shellcheck shell=bash disable=SC2089,SC2090
# A broker that asks who you are, for the scripts beside this: sourced; starts it, and says where it is in BROKER (open to all, who
# may do everything) and SASL_BROKER (user guest, password guest: may do nothing until told). Stopped when the script ends.
export KAFKA_PORT=${KAFKA_PORT:-32010} KAFKA_DIR=${KAFKA_DIR:-$build/kafka}
SASL_BROKER=127.0.0.1:$((KAFKA_PORT + 2))
KAFKA_MORE="listeners=PLAINTEXT://127.0.0.1:$KAFKA_PORT,CONTROLLER://127.0.0.1:$((KAFKA_PORT + 1)),SASL_PLAINTEXT://$SASL_BROKER
advertised.listeners=PLAINTEXT://127.0.0.1:$KAFKA_PORT,SASL_PLAINTEXT://$SASL_BROKER
sasl.enabled.mechanisms=PLAIN
listener.name.sasl_plaintext.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_guest=\"guest\";
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:ANONYMOUS
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT
inter.broker.listener.name=PLAINTEXT"
export KAFKA_MORE
tests/kafka/broker.sh wipe # what a test that was killed left
BROKER=$(tests/kafka/broker.sh up) || exit 1
export BROKER SASL_BROKER
trap 'tests/kafka/broker.sh wipe' EXIT
