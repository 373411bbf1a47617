# A listener of the tests' broker that asks for TLS and SCRAM, and what is tried at it. Sourced by run.sh. Needs `build` and `here`.
tls=$build/kafka/tls-${KAFKA_PORT:-19392}
secured=127.0.0.1:$((${KAFKA_PORT:-19392} + 7))
password=not-to-be-logged

# The lines of server.properties for it; makes its certificate.
secure_listener() {
  local first=${KAFKA_PORT:-19392}
  mkdir -p "$tls" && tls=$(cd "$tls" && pwd)
  openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=stanced-test -addext "subjectAltName=IP:127.0.0.1" -keyout "$tls/key.pem" -out "$tls/ca.pem" 2>/dev/null
  cat "$tls/key.pem" "$tls/ca.pem" >"$tls/store.pem"
  cat <<P
listeners=PLAINTEXT://127.0.0.1:$first,CONTROLLER://127.0.0.1:$((first + 1)),PROXIED://127.0.0.1:$((first + 2)),SASL_SSL://$secured
advertised.listeners=PLAINTEXT://127.0.0.1:$first,PROXIED://127.0.0.1:$((first + 3)),SASL_SSL://$secured
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,PROXIED:PLAINTEXT,SASL_SSL:SASL_SSL
sasl.enabled.mechanisms=SCRAM-SHA-512
listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
listener.name.sasl_ssl.ssl.keystore.type=PEM
listener.name.sasl_ssl.ssl.keystore.location=$tls/store.pem
P
}

as_reader() { # password
  echo --brokers "$secured" -X kafka.security.protocol=sasl_ssl -X kafka.sasl.mechanism=SCRAM-SHA-512 -X kafka.sasl.username=reader \
    -X "kafka.sasl.password=$1" -X "kafka.ssl.ca.location=$tls/ca.pem"
}

is_refused() { # words option...
  local words=$1
  shift
  "$stanced" check "${common[@]}" --http_listen "" "$@" >"$work/check" 2>&1
  [ $? = 2 ] && grep -q "^problem  brokers .*$words" "$work/check" && ! grep -q "$password" "$work/check" || { cat "$work/check"; return 1; }
}

# All goes through it as through the open one, and no secret is said anywhere, whatever is wrong.
test_tls_and_scram() {
  local reader
  KAFKA_DIR=$build/kafka "$here/broker.sh" tool kafka.admin.ConfigCommand --alter --entity-type users --entity-name reader \
    --add-config "SCRAM-SHA-512=[password=$password]" >>"$log" 2>&1 || return 1
  sed -i "s/$password/***/" "$log" # Kafka's own tool
  read -ra reader < <(as_reader "$password")
  feed_all && start "${reader[@]}" --log_level debug && verify --wait 60 && stop "$pid" || return 1
  grep -q 'event=consumer.assigned' "$log" && ! grep -q "$password" "$log" || { echo "the log says the password, or nothing"; return 1; }
  "$stanced" check "${common[@]}" --http_listen "" "${reader[@]}" >"$work/check" && ! grep -q "$password" "$work/check" || { cat "$work/check"; return 1; }
  is_refused "kafka.sasl.password. right" "${reader[@]}" -X "kafka.sasl.password=$password-wrong" || return 1
  is_refused "certificate verify failed\|kafka.security.protocol. right" "${reader[@]}" -X kafka.ssl.ca.location= || return 1
  is_refused "kafka.security.protocol. right" "${reader[@]}" -X kafka.security.protocol=sasl_plaintext
}
