package finding

import (
	"fmt"
	"strings"

	"esmlab/engine"
	"esmlab/engine/setting"
)

// This file judges what becomes of a stream's records.

// streams calls a function with each mapping of a stream, and the page that says what
// becomes of its failures.
func (l *looker) streams(each func(m *engine.MappingConfig, f *engine.FunctionConfig, s *engine.StreamConfig, page string)) {
	l.mappings(func(m *engine.MappingConfig, f *engine.FunctionConfig, _ *engine.QueueConfig, s *engine.StreamConfig) {
		if s == nil {
			return
		}
		page := kinesisErr
		if s.Kind == engine.DynamoDB {
			page = dynamodbErr
		}
		each(m, f, s, page)
	})
}

func limited(m *engine.MappingConfig) bool {
	return m.MaximumRetryAttempts >= 0 || m.MaximumRecordAgeInSeconds >= 0
}

// poison is a world in which the first record always fails.
func (l *looker) poison(m *engine.MappingConfig, f *engine.FunctionConfig, length engine.Micros, bites, watch string) *World {
	return l.world(m, length, bites, watch).puts(l, m, "at: 1s, count: 1").
		does(f.ID, "faults: [{how: error, records: ["+l.label(m, 1)+"]}]")
}

const day = 24 * engine.Hour

func (l *looker) withoutEnd() {
	l.streams(func(m *engine.MappingConfig, f *engine.FunctionConfig, s *engine.StreamConfig, page string) {
		if limited(m) || m.OnFailure != "" {
			return
		}
		l.add(m, l.t.At(m.ID), Finding{On: m.ID, Source: page,
			Sentence: m.ID + " retries a failed batch until its records expire: its shard stands still that long, and nothing says which records were lost",
			Right:    "MaximumRetryAttempts or MaximumRecordAgeInSeconds, and DestinationConfig.OnFailure",
			Fix:      l.onFailure(m, "MaximumRetryAttempts: 3"),
			World: l.poison(m, f, engine.Hour, l.nth(m, 1)+".failures > 8 && "+l.nth(m, 1)+".state == \"retrying\"",
				"One record fails each time. It is tried again and again, and its shard stands still.")})
	})
}

func (l *looker) vanish() {
	l.streams(func(m *engine.MappingConfig, f *engine.FunctionConfig, s *engine.StreamConfig, page string) {
		if !limited(m) || m.OnFailure != "" {
			return
		}
		limit := setting.MaximumRetryAttempts
		if m.MaximumRetryAttempts < 0 {
			limit = setting.MaximumRecordAgeInSeconds
		}
		l.add(m, l.t.At(m.ID, limit), Finding{On: m.ID, Source: page,
			Sentence: m.ID + " gives up batches, and has no OnFailure destination: their records are dropped, and nothing says which they were",
			Right:    "DestinationConfig.OnFailure", Fix: l.onFailure(m),
			World: l.poison(m, f, 8*day, fmt.Sprintf("%s.state in [\"discarded\", \"expired\"] && mapping(%q).OnFailureDestinationDeliveredEventCount == 0", l.nth(m, 1), m.ID),
				"One record fails each time. It is given up, and nothing tells which it was.")})
	})
}

func (l *looker) neverUsed() {
	l.streams(func(m *engine.MappingConfig, f *engine.FunctionConfig, s *engine.StreamConfig, page string) {
		if limited(m) || m.OnFailure == "" {
			return
		}
		l.add(m, l.t.At(m.ID, setting.DestinationConfig), Finding{On: m.ID, Source: page,
			Sentence: "nothing ever reaches " + m.OnFailure + ": without a limit on tries or age, " + m.ID + " gives up no batch before its records expire",
			Right:    "MaximumRetryAttempts or MaximumRecordAgeInSeconds",
			Fix:      l.parameter(m, "MaximumRetryAttempts: 3"),
			World: l.poison(m, f, engine.Hour, fmt.Sprintf("%s.failures > 8 && destination(%q).delivered == 0", l.nth(m, 1), m.OnFailure),
				"One record fails each time. It is tried again and again, and the destination stays empty.")})
	})
}

func (l *looker) destinationDenied() {
	l.streams(func(m *engine.MappingConfig, f *engine.FunctionConfig, s *engine.StreamConfig, page string) {
		for _, d := range m.Deny {
			if d.On != m.OnFailure || d.On == "" {
				continue
			}
			fix := ""
			if l.sam(m) && !strings.HasPrefix(d.Action, "kms:") {
				service, _, _ := strings.Cut(d.Action, ":")
				fix = fragment(append(l.t.Path(m.ID, m.Function), setting.DestinationConfig, setting.OnFailure), "Type: "+strings.ToUpper(service))
			}
			l.add(m, l.t.At(m.ID, setting.DestinationConfig), Finding{On: m.ID, Source: page,
				Sentence: "the role of " + m.Function + " may not " + d.Action + " on " + m.OnFailure + ": failure records are dropped, and nothing says which records were lost",
				Right:    d.Action + " for the role; a SAM event grants it where OnFailure has a Type", Fix: fix,
				World: l.undelivered(m, f)})
			return
		}
	})
}

// undelivered is a world in which a failure record does not reach its destination.
func (l *looker) undelivered(m *engine.MappingConfig, f *engine.FunctionConfig) *World {
	return l.poison(m, f, engine.Hour, fmt.Sprintf("function(%q).destination_failures > 0", f.ID),
		"One record fails and is given up. Its failure record does not reach "+m.OnFailure+".").sets(m.ID+"."+setting.MaximumRetryAttempts, "1")
}

func (l *looker) destinationFIFO() {
	l.streams(func(m *engine.MappingConfig, f *engine.FunctionConfig, s *engine.StreamConfig, page string) {
		q := l.queue(m.OnFailure)
		fifo, what := q != nil && q.FIFO, "queue"
		for _, t := range l.cfg.Targets {
			if t.ID == m.OnFailure && t.FIFO {
				fifo, what = true, "topic"
			}
		}
		if !fifo {
			return
		}
		id := l.free(m.Source + "Failures")
		to := "DestinationConfig: {OnFailure: {Destination: !GetAtt " + id + ".Arn}}"
		if l.sam(m) {
			to = "DestinationConfig: {OnFailure: {Type: SQS, Destination: !GetAtt " + id + ".Arn}}"
		}
		l.add(m, l.t.At(m.ID, setting.DestinationConfig), Finding{On: m.ID, Source: page,
			Sentence: m.OnFailure + " is a FIFO " + what + ", and Lambda delivers failure records to standard queues and topics only: they are dropped",
			Right:    "a standard " + what + " as OnFailure of " + m.ID,
			Fix:      joined(resource(id, "{Type: AWS::SQS::Queue, Properties: {MessageRetentionPeriod: 1209600}}"), l.parameter(m, to)),
			World:    l.undelivered(m, f)})
	})
}

func (l *looker) latest() {
	l.streams(func(m *engine.MappingConfig, f *engine.FunctionConfig, s *engine.StreamConfig, _ string) {
		if m.Start != engine.Latest {
			return
		}
		page := kinesisStart
		if s.Kind == engine.DynamoDB {
			page = dynamodbStart
		}
		w := l.world(m, engine.Minute, l.nth(m, 1)+".state == \"missed\"", "A record is put while the mapping is being created. It is never handed over.").puts(l, m, "at: 1s, count: 1")
		w.mappings = append(w.mappings, m.ID+": {activates: 20s}")
		l.add(m, l.t.At(m.ID, "StartingPosition"), Finding{On: m.ID, Source: page,
			Sentence: m.ID + " starts at LATEST: records put before it is enabled are skipped, and with every mapping that takes its place those of the minutes between",
			Right:    "TRIM_HORIZON and a handler that does no harm the second time, where every record counts",
			Fix:      l.parameter(m, "StartingPosition: TRIM_HORIZON"), World: w})
	})
}

// large judges a stream whose records may not fit into an invocation's event.
func (l *looker) large() {
	const fits = 4607 // KiB of data that an event of 6 MiB holds in base64 beside the rest
	l.streams(func(m *engine.MappingConfig, f *engine.FunctionConfig, s *engine.StreamConfig, _ string) {
		if s.MaxRecordSizeInKiB <= fits || m.OnFailure != "" {
			return
		}
		w := l.world(m, engine.Minute, fmt.Sprintf("%s.state == \"discarded\" && mapping(%q).OnFailureDestinationDeliveredEventCount == 0", l.nth(m, 1), m.ID),
			"A record arrives that does not fit into an event of 6 MiB. The function never sees it, and nothing tells which it was.")
		w.traffic = append(w.traffic, "{to: "+s.ID+", at: 1s, count: 1, size: "+itoa(s.MaxRecordSizeInKiB*1024)+"}")
		if m.FilterCriteria != nil {
			w.set = []string{m.ID + ".FilterCriteria: {}"}
		}
		l.add(m, l.t.At(s.ID, setting.MaxRecordSizeInKiB), Finding{On: s.ID,
			Sentence: s.ID + " takes records of " + engine.Thousands(s.MaxRecordSizeInKiB) + " KiB, and " + m.ID + " hands over about 4.5 MiB at most: a larger record is skipped, and nothing says which",
			Right:    "DestinationConfig.OnFailure of " + m.ID + ", or " + setting.MaxRecordSizeInKiB + " of at most " + engine.Thousands(fits),
			Fix:      l.onFailure(m), World: w})
	})
}

// distribution judges handlers of a stream that spreads its records: they have no keys.
func (l *looker) distribution() {
	l.streams(func(m *engine.MappingConfig, f *engine.FunctionConfig, s *engine.StreamConfig, _ string) {
		if !s.Auto() || !l.codeOf(f.ID).mentions("partitionKey", "PartitionKey") {
			return
		}
		l.add(m, l.t.At(s.ID, setting.RecordDistributionStrategy), Finding{On: s.ID,
			Sentence: m.Function + " looks at partitionKey, which is null in the records of " + s.ID + ", and their order cannot be relied on",
			Right:    "an id and a number in the data, or USER_PARTITION_KEY",
			Fix:      l.property(s.ID, setting.RecordDistributionStrategy+": USER_PARTITION_KEY"),
			World: l.world(m, engine.Minute, l.nth(m, 1)+".shard != "+l.nth(m, 2)+".shard", "Two records of one key go to two shards: nothing keeps their order.").
				puts(l, m, "at: 1s, count: 2, keys: [k]")})
	})
}
