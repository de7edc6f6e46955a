BEGIN TRANSACTION;
CREATE TABLE archives (
	series SMALLINT NOT NULL, 
	section VARCHAR(80) NOT NULL, 
	top TEXT NOT NULL, 
	PRIMARY KEY (series, section)
);
INSERT INTO "archives" VALUES(1,'cultura','[]');
INSERT INTO "archives" VALUES(2,'esteri','[-2699503825652837555, 1598125394100120532]');
CREATE TABLE articles (
	id VARCHAR(80) NOT NULL, 
	url_key INTEGER NOT NULL, 
	url TEXT NOT NULL, 
	first_seen_at INTEGER NOT NULL, 
	published INTEGER, 
	revision INTEGER NOT NULL, 
	content_hash VARCHAR(64) NOT NULL, 
	fields TEXT NOT NULL, 
	missing_since INTEGER, 
	gone SMALLINT NOT NULL, 
	duplicate_of VARCHAR(80), 
	similarity FLOAT, 
	sketch BLOB, 
	PRIMARY KEY (id)
);
INSERT INTO "articles" VALUES('alanews:1381',-5791848870454618675,'https://www.alanews.it/2026/11/11/cultura/foggia-riscopre-il-colore-originale-con-il-cantiere-di-scavo/',1795494131,1794414033,1,'348db0c3608c2c263089e89f29e08049e6fd0145063b065d4b8a3e0a07598d97','{"url":"c34a4b82cdf4","headline":"1d2f69824f4e","subtitle":"fd41f96a2a33","authors":"212630486251","date_published":"5d08e1790863","date_published_precision":"dd955cbfe61e","date_published_raw":"4a1781643afc","date_published_source":"d461887eb502","date_modified":"5d08e1790863","date_modified_precision":"dd955cbfe61e","date_modified_raw":"4a1781643afc","date_modified_source":"d461887eb502","section":"0ec1c96b4f6a","sections":"3eccfadf6c60","breadcrumbs":"143f13c918cc","keywords":"67e8d7cb1a9a","image":"8cde1d4692b1","body":"2f657d9e177d","blocks":"aad327ea3312","language":"8f559835d5a2","word_count":"2b2e7f1eb9ff","format":"5d3f11d4ea61"}',NULL,0,NULL,NULL,NULL);
INSERT INTO "articles" VALUES('alanews:1332',5736845127222534496,'https://www.alanews.it/2026/10/28/cultura/arte-mestieri-3-5-5-3-lofficina-riapre-e-linsegna-dice-e/',1795494131,1793200576,1,'eb9e2cd38ec8bf9868991b8eb41e08dac2b8df8e42ee6fd02494d8cd56222134','{"url":"b681ef668e8b","headline":"3f76790576c5","subtitle":"8bf1c3699b32","authors":"a4f9c0f29307","date_published":"2f6183eed7ae","date_published_precision":"dd955cbfe61e","date_published_raw":"2f57ac3e3ccf","date_published_source":"d461887eb502","date_modified":"2f6183eed7ae","date_modified_precision":"dd955cbfe61e","date_modified_raw":"2f57ac3e3ccf","date_modified_source":"d461887eb502","section":"0ec1c96b4f6a","sections":"3eccfadf6c60","breadcrumbs":"143f13c918cc","keywords":"5b795a145be9","image":"20e11098a9e5","body":"052d1b78ff36","blocks":"2770d200ec28","language":"8f559835d5a2","word_count":"362ad17a9814","format":"5d3f11d4ea61"}',NULL,0,NULL,NULL,NULL);
INSERT INTO "articles" VALUES('alanews:1287',3251433462361930496,'https://www.alanews.it/2026/10/17/cultura/grosseto-il-ritrovamento-di-un-mosaico-858-opere-e-una-scoperta/',1795494131,1792220949,1,'8c72ae981c2f7d8d7c8c1fbc1ff4a811b53af510a4c8057defa4459d977655bb','{"url":"33cef091c187","headline":"37f6d4c57872","subtitle":"03a1ee8fc23a","authors":"75e87c6b327a","date_published":"4a8fc5d5f8d1","date_published_precision":"dd955cbfe61e","date_published_raw":"28ab4cb0be02","date_published_source":"d461887eb502","date_modified":"4a8fc5d5f8d1","date_modified_precision":"dd955cbfe61e","date_modified_raw":"28ab4cb0be02","date_modified_source":"d461887eb502","section":"0ec1c96b4f6a","sections":"3eccfadf6c60","breadcrumbs":"143f13c918cc","keywords":"b7dd6d3bc202","image":"f9cd32f5fdd0","body":"92f19c926232","blocks":"8da4063ae377","language":"8f559835d5a2","word_count":"4651d8d0151d","format":"5d3f11d4ea61"}',NULL,0,NULL,NULL,NULL);
INSERT INTO "articles" VALUES('alanews:1241',6153666621508848775,'https://www.alanews.it/2026/10/02/cultura/il-romanzo-sulla-bonifica-svela-il-colore-originale/',1795494131,1790925327,1,'5f8a318ac7fcf1e9f3c32d6b9613e6a716e4103c0a1e63215be68e799b5a9e54','{"url":"e5223e7200ed","headline":"30898a893345","subtitle":"ff26920bf4c9","authors":"7494eda66027","date_published":"07590d829883","date_published_precision":"dd955cbfe61e","date_published_raw":"e136c85b47f1","date_published_source":"d461887eb502","date_modified":"07590d829883","date_modified_precision":"dd955cbfe61e","date_modified_raw":"e136c85b47f1","date_modified_source":"d461887eb502","section":"0ec1c96b4f6a","sections":"3eccfadf6c60","breadcrumbs":"143f13c918cc","keywords":"f2898cb642f4","image":"1d3383c8f917","images":"7d5998551a5d","body":"332677e5f70a","blocks":"4c9625635b55","language":"8f559835d5a2","word_count":"942ec61ba3b8","format":"5d3f11d4ea61"}',NULL,0,NULL,NULL,NULL);
INSERT INTO "articles" VALUES('alanews:1263',-5416371770881707185,'https://www.alanews.it/2026/10/13/esteri/madrid-11-mesi-dopo-la-mediazione-sul-gasdotto-e-realta/',1795494135,1791865800,1,'53a2d20228ab91bb92b429e259ec95e1102fc7941a455757375fccb173a46ea1','{"url":"53ab3cef3ce3","headline":"c1a46621c8ae","subtitle":"79a7d7c89c4c","authors":"ed508d888a5a","date_published":"b02db874860d","date_published_precision":"dd955cbfe61e","date_published_raw":"6386cefb10a6","date_published_source":"d461887eb502","date_modified":"84183a0c8cc7","date_modified_precision":"dd955cbfe61e","date_modified_raw":"e2ca09999866","date_modified_source":"d461887eb502","section":"b88f03732c74","sections":"5e2c3e8c0204","breadcrumbs":"bdb826b706a4","keywords":"cc9c0ee9608e","image":"7d936c2e1ea1","body":"0a95c0539b97","blocks":"081fa114a5b0","language":"8f559835d5a2","word_count":"362ad17a9814","format":"5d3f11d4ea61"}',NULL,0,NULL,NULL,NULL);
INSERT INTO "articles" VALUES('alanews:1340',-4131949476514317452,'https://www.alanews.it/2026/11/02/esteri/il-negoziato-sui-visti-4-cose-da-sapere-sulla-presenza-degli-osservatori/',1795494136,1793575800,1,'730378e9dde7d1661b57b097db20db8bcad1ef394c2c0324a51d4690a906f1d8','{"url":"0b2fa7a87efc","headline":"5ce13a8788e8","subtitle":"296a160cade5","authors":"763a37aaad19","date_published":"77025411cc31","date_published_precision":"dd955cbfe61e","date_published_raw":"9cc292b0c848","date_published_source":"d461887eb502","date_modified":"77025411cc31","date_modified_precision":"dd955cbfe61e","date_modified_raw":"9cc292b0c848","date_modified_source":"d461887eb502","section":"b88f03732c74","sections":"5e2c3e8c0204","breadcrumbs":"bdb826b706a4","keywords":"a720fe065406","dateline":"04ebc28dfd3a","image":"2e90dcc87a9b","body":"c93bbe4e0572","blocks":"8cd01078c900","language":"8f559835d5a2","word_count":"ccc98f3261a3","format":"5d3f11d4ea61"}',NULL,0,NULL,NULL,NULL);
INSERT INTO "articles" VALUES('alanews:1229',-2699503825652837555,'https://www.alanews.it/2026/07/15/esteri/la-missione-di-osservatori-intesa-tra-dubczak-e-montenegrino/',1795494136,1784071800,1,'ca996c99b389a969f94f9608b7b539a0d4db348631fb12fb2400c0ca49c64245','{"url":"585df6c45544","headline":"1be777eb46ad","subtitle":"328dcf90c7a1","authors":"c1511fb2debf","date_published":"e9393a015515","date_published_precision":"dd955cbfe61e","date_published_raw":"27cc00bdfe83","date_published_source":"d461887eb502","date_modified":"e9393a015515","date_modified_precision":"dd955cbfe61e","date_modified_raw":"27cc00bdfe83","date_modified_source":"d461887eb502","section":"b88f03732c74","sections":"5e2c3e8c0204","breadcrumbs":"bdb826b706a4","keywords":"ed28ae9699bb","image":"748b61cd5db8","body":"dfbcd0446d13","blocks":"24c17c6bf184","language":"8f559835d5a2","word_count":"e9726f57570c","format":"5d3f11d4ea61"}',NULL,0,NULL,NULL,NULL);
CREATE TABLE bands (
	band INTEGER NOT NULL, 
	article VARCHAR(80) NOT NULL, 
	PRIMARY KEY (band, article)
)
 WITHOUT ROWID

;
INSERT INTO "bands" VALUES(-8644448562896297002,'alanews:1381');
INSERT INTO "bands" VALUES(-2793852031647179686,'alanews:1241');
INSERT INTO "bands" VALUES(-2191170725043521112,'alanews:1287');
INSERT INTO "bands" VALUES(-2136774254372353622,'alanews:1263');
INSERT INTO "bands" VALUES(-200005384283457398,'alanews:1340');
INSERT INTO "bands" VALUES(4534281112541130894,'alanews:1332');
INSERT INTO "bands" VALUES(4598356336502701156,'alanews:1229');
CREATE TABLE dumps (
	id INTEGER NOT NULL, 
	series INTEGER NOT NULL, 
	run INTEGER NOT NULL, 
	host VARCHAR(80) NOT NULL, 
	path TEXT NOT NULL, 
	length INTEGER NOT NULL, 
	lines INTEGER NOT NULL, 
	state SMALLINT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "dumps" VALUES(1,1,1,'{host}','{folder}/cultura/2026-11-24T04-22-10Z.jsonl',46412,4,1);
INSERT INTO "dumps" VALUES(2,2,2,'{host}','{folder}/esteri/2026-11-24T04-22-11Z.jsonl',20774,2,0);
CREATE TABLE hosts (
	host VARCHAR(255) NOT NULL, 
	next_at FLOAT NOT NULL, 
	PRIMARY KEY (host)
);
CREATE TABLE lines (
	series SMALLINT NOT NULL, 
	edition INTEGER NOT NULL, 
	article VARCHAR(80) NOT NULL, 
	revision INTEGER NOT NULL, 
	run INTEGER NOT NULL, 
	dump INTEGER, 
	state SMALLINT NOT NULL, 
	PRIMARY KEY (series, edition, article, revision)
);
INSERT INTO "lines" VALUES(1,1,'alanews:1381',1,1,1,1);
INSERT INTO "lines" VALUES(1,1,'alanews:1332',1,1,1,1);
INSERT INTO "lines" VALUES(1,1,'alanews:1287',1,1,1,1);
INSERT INTO "lines" VALUES(1,1,'alanews:1241',1,1,1,1);
INSERT INTO "lines" VALUES(2,1,'alanews:1263',1,2,2,1);
INSERT INTO "lines" VALUES(2,1,'alanews:1340',1,2,2,1);
INSERT INTO "lines" VALUES(2,1,'alanews:1229',1,2,NULL,0);
CREATE TABLE meta (
	name VARCHAR(40) NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "meta" VALUES('schema_version','1');
INSERT INTO "meta" VALUES('site','alanews at loopback');
CREATE TABLE revisions (
	article VARCHAR(80) NOT NULL, 
	revision INTEGER NOT NULL, 
	content_hash VARCHAR(64) NOT NULL, 
	previous_hash VARCHAR(64), 
	changed_fields TEXT NOT NULL, 
	at INTEGER NOT NULL, 
	PRIMARY KEY (article, revision)
);
INSERT INTO "revisions" VALUES('alanews:1381',1,'348db0c3608c2c263089e89f29e08049e6fd0145063b065d4b8a3e0a07598d97',NULL,'[]',1795494131);
INSERT INTO "revisions" VALUES('alanews:1332',1,'eb9e2cd38ec8bf9868991b8eb41e08dac2b8df8e42ee6fd02494d8cd56222134',NULL,'[]',1795494131);
INSERT INTO "revisions" VALUES('alanews:1287',1,'8c72ae981c2f7d8d7c8c1fbc1ff4a811b53af510a4c8057defa4459d977655bb',NULL,'[]',1795494131);
INSERT INTO "revisions" VALUES('alanews:1241',1,'5f8a318ac7fcf1e9f3c32d6b9613e6a716e4103c0a1e63215be68e799b5a9e54',NULL,'[]',1795494131);
INSERT INTO "revisions" VALUES('alanews:1263',1,'53a2d20228ab91bb92b429e259ec95e1102fc7941a455757375fccb173a46ea1',NULL,'[]',1795494135);
INSERT INTO "revisions" VALUES('alanews:1340',1,'730378e9dde7d1661b57b097db20db8bcad1ef394c2c0324a51d4690a906f1d8',NULL,'[]',1795494136);
INSERT INTO "revisions" VALUES('alanews:1229',1,'ca996c99b389a969f94f9608b7b539a0d4db348631fb12fb2400c0ca49c64245',NULL,'[]',1795494136);
CREATE TABLE runs (
	id INTEGER NOT NULL, 
	series INTEGER NOT NULL, 
	host VARCHAR(80) NOT NULL, 
	pid INTEGER NOT NULL, 
	started INTEGER NOT NULL, 
	ended INTEGER, 
	reason VARCHAR(80), 
	written INTEGER NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "runs" VALUES(1,1,'{host}',9979,1795494131,1795494131,'finished',4);
INSERT INTO "runs" VALUES(2,2,'{host}',9983,1795494132,NULL,NULL,2);
CREATE TABLE series (
	id INTEGER NOT NULL, 
	name VARCHAR(80) NOT NULL, 
	edition INTEGER NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (name)
);
INSERT INTO "series" VALUES(1,'cultura',1);
INSERT INTO "series" VALUES(2,'esteri',1);
CREATE TABLE urls (
	id INTEGER NOT NULL, 
	series SMALLINT NOT NULL, 
	"key" INTEGER NOT NULL, 
	url TEXT NOT NULL, 
	kind SMALLINT NOT NULL, 
	state SMALLINT NOT NULL, 
	rank SMALLINT NOT NULL, 
	channels SMALLINT NOT NULL, 
	hops SMALLINT NOT NULL, 
	found_on INTEGER, 
	found_at INTEGER NOT NULL, 
	due INTEGER, 
	tries SMALLINT NOT NULL, 
	run INTEGER, 
	fetched_at INTEGER, 
	status SMALLINT, 
	result VARCHAR(120), 
	etag TEXT, 
	last_modified TEXT, 
	card INTEGER, 
	feed INTEGER, 
	lastmod INTEGER, 
	request TEXT, 
	PRIMARY KEY (id), 
	CONSTRAINT urls_key UNIQUE (series, "key")
);
INSERT INTO "urls" VALUES(4,1,-5791848870454618675,'https://www.alanews.it/2026/11/11/cultura/foggia-riscopre-il-colore-originale-con-il-cantiere-di-scavo/',0,2,0,6,0,-1732167083804311980,1795494131,1797006033,0,NULL,1795494131,200,'written',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "urls" VALUES(5,1,5736845127222534496,'https://www.alanews.it/2026/10/28/cultura/arte-mestieri-3-5-5-3-lofficina-riapre-e-linsegna-dice-e/',0,2,0,6,0,-1732167083804311980,1795494131,1795792576,0,NULL,1795494131,200,'written',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "urls" VALUES(6,1,3251433462361930496,'https://www.alanews.it/2026/10/17/cultura/grosseto-il-ritrovamento-di-un-mosaico-858-opere-e-una-scoperta/',0,2,0,6,0,-1732167083804311980,1795494131,NULL,0,NULL,1795494131,200,'written',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "urls" VALUES(7,1,6153666621508848775,'https://www.alanews.it/2026/10/02/cultura/il-romanzo-sulla-bonifica-svela-il-colore-originale/',0,2,0,6,0,-1732167083804311980,1795494131,NULL,0,NULL,1795494131,200,'written',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "urls" VALUES(11,2,-5416371770881707185,'https://www.alanews.it/2026/10/13/esteri/madrid-11-mesi-dopo-la-mediazione-sul-gasdotto-e-realta/',0,2,0,6,0,2405173248869289461,1795494134,NULL,0,NULL,1795494135,200,'written',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "urls" VALUES(12,2,-4131949476514317452,'https://www.alanews.it/2026/11/02/esteri/il-negoziato-sui-visti-4-cose-da-sapere-sulla-presenza-degli-osservatori/',0,2,0,6,0,2405173248869289461,1795494134,1796167800,0,NULL,1795494136,200,'written',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "urls" VALUES(13,2,-2699503825652837555,'https://www.alanews.it/2026/07/15/esteri/la-missione-di-osservatori-intesa-tra-dubczak-e-montenegrino/',0,1,0,6,0,2405173248869289461,1795494134,NULL,0,2,NULL,NULL,NULL,NULL,NULL,-6421813783471707594,NULL,NULL,NULL);
INSERT INTO "urls" VALUES(14,2,181633115555441729,'https://www.alanews.it/2026/10/12/esteri/da-lisbona-a-reykjavik-lelezione-anticipata-del-parlamento-e-il-transito-delle-merci/',0,1,0,6,0,2405173248869289461,1795494134,NULL,0,2,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "urls" VALUES(15,2,1598125394100120532,'https://www.alanews.it/2025/10/28/esteri/litio-e-cobalto-patto-fra-stati-uniti-e-giappone-scorte-comuni-contro-le-carenze/',0,1,0,6,0,2405173248869289461,1795494134,NULL,0,2,NULL,NULL,NULL,NULL,NULL,8730376565026752550,NULL,NULL,NULL);
INSERT INTO "urls" VALUES(16,2,2188415684887084093,'https://www.alanews.it/2026/08/22/esteri/la-questione-dei-dazi-e-il-forum-sulle-isole-minori-le-domande-dellagenzia-per-i-rifugiati/',0,1,0,6,0,2405173248869289461,1795494134,NULL,0,2,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE validators (
	series SMALLINT NOT NULL, 
	"key" INTEGER NOT NULL, 
	etag TEXT, 
	last_modified TEXT, 
	seen INTEGER, 
	PRIMARY KEY (series, "key")
);
CREATE INDEX runs_open ON runs (series, ended);
CREATE INDEX urls_queue ON urls (series, rank DESC, id) WHERE state = 0;
CREATE INDEX urls_leased ON urls (run) WHERE state = 1;
CREATE INDEX urls_excluded ON urls (series, result) WHERE state = 4;
CREATE INDEX urls_due ON urls (series, due) WHERE due IS NOT NULL;
CREATE INDEX ix_articles_url_key ON articles (url_key);
CREATE INDEX dumps_series ON dumps (series, state);
CREATE INDEX lines_claimed ON lines (run) WHERE state = 0;
COMMIT;
