// A photo is made small on the phone, and knows where it was taken.
const LONGEST_SIDE = 1600;
const QUALITY = 0.75;

/** A JPEG of at most 1600 pixels; throws where the file is no picture. */
export async function compress(file) {
    const image = await createImageBitmap(file, {imageOrientation: "from-image"});
    const scale = Math.min(1, LONGEST_SIDE / Math.max(image.width, image.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.width * scale);
    canvas.height = Math.round(image.height * scale);
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    image.close();
    return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
}

/** Where the phone is, or nothing: a cellar has no sky. */
export function position() {
    return new Promise((resolve) => {
        if (!navigator.geolocation) {
            resolve({});
            return;
        }
        navigator.geolocation.getCurrentPosition(
            ({coords}) =>
                resolve({
                    latitude: coords.latitude,
                    longitude: coords.longitude,
                    accuracy: coords.accuracy,
                }),
            () => resolve({}),
            {enableHighAccuracy: true, timeout: 8000, maximumAge: 60000}
        );
    });
}

/** Somewhere to sign with a finger. */
export class Pad {
    constructor(canvas) {
        this.canvas = canvas;
        this.pen = canvas.getContext("2d");
        this.empty = true;
        canvas.addEventListener("pointerdown", (event) => {
            canvas.setPointerCapture(event.pointerId);
            this.pen.lineWidth = 2.5;
            this.pen.lineCap = "round";
            this.pen.beginPath();
            this.pen.moveTo(...this._at(event));
        });
        canvas.addEventListener("pointermove", (event) => {
            if (event.buttons) {
                this.empty = false;
                this.pen.lineTo(...this._at(event));
                this.pen.stroke();
            }
        });
    }

    _at(event) {
        const box = this.canvas.getBoundingClientRect();
        return [
            ((event.clientX - box.left) * this.canvas.width) / box.width,
            ((event.clientY - box.top) * this.canvas.height) / box.height,
        ];
    }

    clear() {
        this.pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
        this.empty = true;
    }

    blob() {
        return this.empty
            ? null
            : new Promise((resolve) => this.canvas.toBlob(resolve, "image/png"));
    }
}
