package engine

import (
	"net/url"
	"strconv"
	"strings"

	"esmlab/engine/internal/random"
)

// This file is what a bucket sends: its test event, and the events of its objects that a
// notification wants.

// testEvent is what S3 sends when a notification is configured (N-E4).
func (s *Sim) testEvent(fi int32) string {
	o := object{}
	o.text("Service", "Amazon S3")
	o.text("Event", "s3:TestEvent")
	o.text("Time", s.timestamp())
	o.text("Bucket", s.cfg.Fronts[fi].Name)
	o.text("RequestId", strings.ToUpper(strings.ReplaceAll(s.frontUUID(fi, -1), "-", "")[:16]))
	o.text("HostId", "esmlab")
	return o.end()
}

// objectEvent is the event of some objects as S3 sends it to a queue (N-E3).
func (s *Sim) objectEvent(fi int32, id, name string, list []published, size int) string {
	b := []byte(`{"Records":[`)
	for i := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, s.objectRecord(fi, list[i].n, i, id, name, list[i].key, size)...)
	}
	return string(append(b, "]}"...))
}

// objectRecord is the i-th record of event n.
func (s *Sim) objectRecord(fi, n int32, i int, id, name, key string, size int) string {
	c := &s.cfg.Fronts[fi]
	tag := s.frontUUID(fi, n)
	if i > 0 {
		tag = random.UUID(s.cfg.Seed, drawFront, uint64(fi), uint64(n)|uint64(i)<<32)
	}
	bucket, owner := object{}, object{}
	owner.text("principalId", "ESMLAB")
	bucket.text("name", c.Name)
	bucket.raw("ownerIdentity", owner.end())
	bucket.text("arn", c.ARN)
	obj := object{}
	obj.text("key", objectKey(key))
	if strings.HasPrefix(name, "ObjectCreated") {
		obj.raw("size", strconv.Itoa(max(1, size)))
		obj.text("eTag", strings.ReplaceAll(tag, "-", ""))
	}
	obj.text("sequencer", "00"+strings.ToUpper(strconv.FormatInt(s.cfg.Start+int64(s.now)+int64(i), 16))+strings.ToUpper(strconv.FormatInt(int64(n)+1<<16, 16)))
	s3 := object{}
	s3.text("s3SchemaVersion", "1.0")
	s3.text("configurationId", id)
	s3.raw("bucket", bucket.end())
	s3.raw("object", obj.end())
	one := func(name, value string) string { o := object{}; o.text(name, value); return o.end() }
	request := object{}
	request.text("x-amz-request-id", strings.ToUpper(strings.ReplaceAll(s.frontUUID(fi, n), "-", "")[:16]))
	request.text("x-amz-id-2", "esmlab")
	record := object{}
	record.text("eventVersion", "2.6")
	record.text("eventSource", "aws:s3")
	record.text("awsRegion", s.cfg.Region)
	record.text("eventTime", s.timestamp())
	record.text("eventName", name)
	record.raw("userIdentity", one("principalId", "ESMLAB"))
	record.raw("requestParameters", one("sourceIPAddress", "192.0.2.1"))
	record.raw("responseElements", request.end())
	record.raw("s3", s3.end())
	return record.end()
}

// wants reports whether a notification's Filter lets an object of that key through
// (S3-FILTER-1).
func (sub *Subscription) wants(key string) bool {
	key = objectKey(key)
	return strings.HasPrefix(key, sub.Prefix) && strings.HasSuffix(key, sub.Suffix)
}

// objectKey is a key as S3's events have it: URL-encoded.
func objectKey(key string) string { return strings.ReplaceAll(url.QueryEscape(key), "%2F", "/") }

// matchesEvent reports whether an event of S3 is one of a notification's.
func matchesEvent(want, name string) bool {
	if head, any := strings.CutSuffix(want, "*"); any {
		return strings.HasPrefix(name, head)
	}
	return want == name
}
